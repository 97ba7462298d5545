import { toEntityId } from '@medkit/core';
import { PlcRefused, type PlcSession } from '@medkit/opcua';
import type { AutoBrowse } from './auto-browse.ts';
import { type WalkedVariable, walkedVariables } from './browse-walk.ts';
import { inBatches, inParallel } from './in-batches.ts';
import { type DescribedVariable, mappedVariables, variableNames } from './mapped-variables.ts';
import type { MappedNode, MappedType, NodeMap } from './node-map.ts';
import { Warnings } from './warnings.ts';

/** Built-in types (OPC 10000-6, 5.1.2) that data points can have. */
const TYPES: ReadonlyMap<string, MappedType> = new Map([
  ['Boolean', 'bool'],
  ...['SByte', 'Byte', 'Int16', 'UInt16', 'Int32', 'UInt32', 'Int64', 'UInt64'].map((name) => [name, 'int'] as const),
  ['Float', 'float'],
  ['Double', 'float'],
  ['String', 'string'],
  ['DateTime', 'string'],
]);

/** Nodes per request: servers have limits of several hundred (OPC 10000-5, 6.3.11). */
const BATCH = 250;
/** Concurrent requests. */
const PARALLEL = 2;

/** The result of browsing, with a sentence for each part that was not browsed. */
export interface BrowsedServer {
  readonly nodes: readonly MappedNode[];
  readonly problems: readonly string[];
}

export interface BrowseServerOptions {
  readonly componentId: string;
  /**
   * Prefix of the apps' ids and names if there are several PLCs: two PLCs with the same program show the same objects.
   */
  readonly plcName?: string;
}

/**
 * Browses a PLC: each object with variables becomes an app, and its variables become data, except those already in
 * `explicit`. Rejects with `PlcUnreachable` if the session is lost.
 */
export async function browsedNodes(
  session: Pick<PlcSession, 'browse' | 'describe' | 'read'>,
  options: AutoBrowse,
  explicit: NodeMap | undefined,
  { componentId, plcName = '' }: BrowseServerOptions,
): Promise<BrowsedServer> {
  const problems = new Warnings();
  const known = new Set(explicit?.nodes.map(({ nodeId }) => nodeId));
  const variables = await walkedVariables(session, options, problems);
  const unmapped = variables.filter(({ node }) => !known.has(node.nodeId));
  const described = await describedVariables(session, unmapped, problems);
  const listed = options.readInitialValues ? await readableVariables(session, described, problems) : described;
  const names = variableNames(unmapped, explicit?.nodes ?? [], {
    prefix: plcName === '' ? [] : [plcName],
    rootId: toEntityId(`${componentId}_root`),
  });
  const nodes = mappedVariables(listed, names, { inferWritable: options.inferWritable });
  return { nodes, problems: problems.lines };
}

async function describedVariables(
  session: Pick<PlcSession, 'describe'>,
  variables: readonly WalkedVariable[],
  problems: Warnings,
): Promise<readonly DescribedVariable[]> {
  const batches = await inParallel(inBatches(variables, BATCH), PARALLEL, async (batch) => {
    const facts = await answered(batch, problems, (nodeIds) => session.describe(nodeIds));
    return batch.flatMap((variable, at): readonly DescribedVariable[] => {
      if (facts[at] === undefined) return [];
      return [{ ...variable, type: mappedTypeOf(facts[at].type), facts: facts[at] }];
    });
  });
  return batches.flat();
}

/** Returns the variables whose value the server provides. */
async function readableVariables(
  session: Pick<PlcSession, 'read'>,
  variables: readonly DescribedVariable[],
  problems: Warnings,
): Promise<readonly DescribedVariable[]> {
  const batches = await inParallel(inBatches(variables, BATCH), PARALLEL, async (batch) => {
    const readings = await answered(batch, problems, (nodeIds) => session.read(nodeIds));
    return batch.filter((_, at) => readings[at]?.value !== undefined && readings[at].quality !== 'bad');
  });
  return batches.flat();
}

/** Returns the server's answers for these variables; empty, with a problem reported, if it refuses. */
async function answered<R>(
  variables: readonly WalkedVariable[],
  problems: Warnings,
  ask: (nodeIds: readonly string[]) => Promise<readonly R[]>,
): Promise<readonly R[]> {
  try {
    return await ask(variables.map(({ node }) => node.nodeId));
  } catch (error) {
    if (!(error instanceof PlcRefused)) throw error;
    problems.add(`${variables.length} variables from ${variables[0]?.node.nodeId} on are ignored: ${error.message}`);
    return [];
  }
}

/** Returns how a variable of this built-in type is represented; non-scalar types are represented as JSON. */
function mappedTypeOf(builtIn: string | undefined): MappedType {
  return TYPES.get(builtIn ?? '') ?? (builtIn === undefined ? 'json' : 'string');
}
