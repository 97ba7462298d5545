import type { NodeId } from 'node-opcua-client';
import { MAX_OPERATIONS, MAX_TEXT } from '../bounds.ts';
import type { SessionChannel } from '../channel/session-channel.ts';
import { PlcRefused } from '../plc-error.ts';
import type { BrowsedNode } from '../plc-session.ts';
import { nodeIdOf, textOf } from '../values/node-ids.ts';
import { qualityOf, statusName } from '../values/status.ts';

export interface BrowseQuestion {
  readonly nodeId: string;
  /** Reference type to follow, including subtypes: `i=33` means all hierarchical references. */
  readonly references: string;
  readonly isInverse?: boolean;
  readonly limit: number;
}

/** A node at the other end of a reference; `kind` is absent unless it is an object, variable or method. */
export type Neighbour = Omit<BrowsedNode, 'kind'> & { readonly kind: BrowsedNode['kind'] | undefined };

/** Node classes by number (OPC 10000-3, 8.29). */
const KINDS: ReadonlyMap<number, BrowsedNode['kind']> = new Map([
  [1, 'object'],
  [2, 'variable'],
  [4, 'method'],
]);
/** Requested fields of a reference (OPC 10000-4, 5.9.2): class, browse name, display name. */
const RESULT_MASK = 0b1_1100;

interface FoundReference {
  readonly nodeId: NodeId;
  readonly nodeClass: number;
  readonly browseName?: { readonly name?: string | null } | null;
  readonly displayName?: { readonly text?: string | null } | null;
}
interface BrowseAnswer {
  readonly statusCode: { readonly value: number };
  readonly continuationPoint?: Buffer | null;
  readonly references?: readonly FoundReference[] | null;
}

/** Browses a node and returns at most `limit` references, following continuation points. Rejects with `PlcError`. */
export async function browseAll(session: SessionChannel, question: BrowseQuestion): Promise<readonly Neighbour[]> {
  const { library } = session;
  const { nodeId, references, isInverse = false, limit } = question;
  const request = new library.BrowseRequest({
    requestedMaxReferencesPerNode: Math.min(limit, MAX_OPERATIONS),
    nodesToBrowse: [
      {
        nodeId: nodeIdOf(library, nodeId),
        browseDirection: isInverse ? library.BrowseDirection.Inverse : library.BrowseDirection.Forward,
        referenceTypeId: nodeIdOf(library, references),
        includeSubtypes: true,
        nodeClassMask: 0,
        resultMask: RESULT_MASK,
      },
    ],
  });
  const found = new Map<string, Neighbour>();
  let answer = only(session, (await session.ask(request, library.BrowseResponse)).results, nodeId);
  // Each answer must contain new references, so that a server that repeats itself cannot cause an endless loop.
  for (let known = -1; ; known = found.size) {
    for (const reference of answer.references ?? []) take(found, reference, limit);
    const point = answer.continuationPoint;
    if (!point || point.length === 0) break;
    const isEnough = found.size >= limit || found.size === known;
    const next = new library.BrowseNextRequest({ releaseContinuationPoints: isEnough, continuationPoints: [point] });
    const { results } = await session.ask(next, library.BrowseNextResponse);
    if (isEnough) break;
    answer = only(session, results, nodeId);
  }
  return [...found.values()];
}

function only(session: SessionChannel, results: unknown, nodeId: string): BrowseAnswer {
  const [answer] = (results ?? []) as readonly BrowseAnswer[];
  if (answer === undefined) throw session.channel.fail(new Error('the response to Browse has no result'));
  const { value } = answer.statusCode;
  if (qualityOf(value) !== 'bad') return answer;
  const status = statusName(session.library, value);
  throw new PlcRefused(`${session.endpointUrl} refused to browse ${nodeId}: ${status}`, status);
}

function take(found: Map<string, Neighbour>, reference: FoundReference, limit: number): void {
  const nodeId = textOf(reference.nodeId);
  if (nodeId === undefined || found.size >= limit) return;
  const browseName = (reference.browseName?.name ?? '').slice(0, MAX_TEXT);
  const displayName = (reference.displayName?.text ?? browseName).slice(0, MAX_TEXT);
  found.set(nodeId, { nodeId, browseName, displayName, kind: KINDS.get(reference.nodeClass) });
}

/** A node addressed relative to another by browse names, each `name` or `2:name`. */
export interface PathQuestion {
  readonly nodeId: string;
  readonly path: readonly string[];
}

/** Resolves paths to nodes (OPC 10000-4, 5.9.4), in order; `undefined` if a path leads nowhere. */
export async function translate(
  session: SessionChannel,
  paths: readonly PathQuestion[],
): Promise<readonly (string | undefined)[]> {
  const { library } = session;
  const referenceTypeId = nodeIdOf(library, 'i=33');
  const requests = paths.map(({ nodeId, path }) => ({
    startingNode: nodeIdOf(library, nodeId),
    relativePath: {
      elements: path.map((name) => ({
        referenceTypeId,
        isInverse: false,
        includeSubtypes: true,
        targetName: qualifiedName(name),
      })),
    },
  }));
  return session.askInParts(requests, session.limits.translate, async (browsePaths) => {
    const request = new library.TranslateBrowsePathsToNodeIdsRequest({ browsePaths });
    const { results } = await session.ask(request, library.TranslateBrowsePathsToNodeIdsResponse);
    return results?.map(({ statusCode, targets }) =>
      qualityOf(statusCode.value) === 'bad' ? undefined : textOf(targets?.[0]?.targetId),
    );
  });
}

/** Parses `2:Level`, the name Level in namespace 2; without a number it is in the OPC UA namespace. */
export function qualifiedName(text: string): { readonly namespaceIndex: number; readonly name: string } {
  const [, index, name = text] = /^(\d{1,5}):(.*)$/s.exec(text) ?? [];
  return { namespaceIndex: Number(index ?? 0), name };
}
