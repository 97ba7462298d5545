import { toEntityId } from '@medkit/core';
import { PlcRefused } from '../session/plc-error.ts';
import type { PlcSession } from '../session/plc-session.ts';
import type { AutoBrowse } from './auto-browse.ts';
import { type WalkedVariable, walkedVariables } from './browse-walk.ts';
import { mappedTypeOf } from './browsed-type.ts';
import { inBatches, inParallel } from './in-batches.ts';
import { mappedVariables, type ShownVariable, variableNames } from './mapped-variables.ts';
import type { MappedNode, NodeMap } from './node-map.ts';
import { Warnings } from './warnings.ts';

/** Nodes of one request: servers have limits of some hundred (OPC 10000-5, 6.3.11). */
const BATCH = 250;
/** Requests under way at a time. */
const PARALLEL = 2;

/** What was found, and what was not looked at, each in a sentence. */
export interface BrowsedServer {
  readonly nodes: readonly MappedNode[];
  readonly problems: readonly string[];
}

export interface BrowseServerOptions {
  readonly componentId: string;
  /** Stands before the ids and names of apps, where there are several PLCs: two that run one program show the same. */
  readonly plcName?: string;
}

/**
 * Searches a PLC for what it shows: each object with variables becomes an app, and those variables its data, without those
 * that `explicit` has already. Rejects with `PlcUnreachable` where the session is lost meanwhile.
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
  const shown = options.readInitialValues ? await readableVariables(session, described, problems) : described;
  const names = variableNames(unmapped, explicit?.nodes ?? [], {
    prefix: plcName === '' ? [] : [plcName],
    rootId: toEntityId(`${componentId}_root`),
  });
  const nodes = mappedVariables(shown, names, { inferWritable: options.inferWritable });
  return { nodes, problems: problems.lines };
}

async function describedVariables(
  session: Pick<PlcSession, 'describe'>,
  variables: readonly WalkedVariable[],
  problems: Warnings,
): Promise<readonly ShownVariable[]> {
  const batches = await inParallel(inBatches(variables, BATCH), PARALLEL, async (batch) => {
    const facts = await answered(batch, problems, (nodeIds) => session.describe(nodeIds));
    return batch.flatMap((variable, at): readonly ShownVariable[] => {
      if (facts[at] === undefined) return [];
      return [{ ...variable, type: mappedTypeOf(facts[at].type), facts: facts[at] }];
    });
  });
  return batches.flat();
}

/** Those of which the server gives a value: what cannot be read is nothing to show. */
async function readableVariables(
  session: Pick<PlcSession, 'read'>,
  variables: readonly ShownVariable[],
  problems: Warnings,
): Promise<readonly ShownVariable[]> {
  const batches = await inParallel(inBatches(variables, BATCH), PARALLEL, async (batch) => {
    const readings = await answered(batch, problems, (nodeIds) => session.read(nodeIds));
    return batch.filter((_, at) => readings[at]?.value !== undefined && readings[at].quality !== 'bad');
  });
  return batches.flat();
}

/** What the server says of these variables; nothing, and a problem, where it refuses. */
async function answered<R>(
  variables: readonly WalkedVariable[],
  problems: Warnings,
  ask: (nodeIds: readonly string[]) => Promise<readonly R[]>,
): Promise<readonly R[]> {
  try {
    return await ask(variables.map(({ node }) => node.nodeId));
  } catch (error) {
    if (!(error instanceof PlcRefused)) throw error;
    problems.add(`${variables.length} variables from ${variables[0]?.node.nodeId} on are left out: ${error.message}`);
    return [];
  }
}
