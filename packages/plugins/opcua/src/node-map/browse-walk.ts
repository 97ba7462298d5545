import { type BrowsedNode, PlcRefused, type PlcSession, parseNodeId } from '@medkit/opcua';
import type { AutoBrowse } from './auto-browse.ts';
import { inParallel } from './in-batches.ts';
import type { Warnings } from './warnings.ts';

/** Concurrent requests, limited because browsing must not overload a PLC. */
const PARALLEL = 4;
/** Maximum browsed nodes, each with one request: more would take almost an hour on a slow PLC. */
const MAX_REQUESTS = 20_000;

/** A variable found by browsing, and its object. */
export interface WalkedVariable {
  readonly node: BrowsedNode;
  /** The object and those above it, starting below the root. */
  readonly path: readonly BrowsedNode[];
}

interface Place {
  readonly nodeId: string;
  readonly path: readonly BrowsedNode[];
}

/**
 * Browses the objects of a PLC level by level, each node once, and returns their variables. Reports to `problems` what
 * it skips because of limits or refusals. Rejects if the session is lost.
 */
export async function walkedVariables(
  session: Pick<PlcSession, 'browse'>,
  options: AutoBrowse,
  problems: Warnings,
): Promise<readonly WalkedVariable[]> {
  const visited = new Set<string>(options.rootNodes);
  const variables: WalkedVariable[] = [];
  let level: readonly Place[] = Array.from(visited, (nodeId) => ({ nodeId, path: [] }));
  let seen = 0;
  let requests = 0;

  for (let depth = 0; level.length > 0; depth++) {
    if (depth > options.maxDepth) {
      problems.add(`objects more than ${options.maxDepth} levels deep are ignored (auto_browse.max_depth)`);
      break;
    }
    const next: Place[] = [];
    for (let at = 0; at < level.length; at += PARALLEL) {
      const places = level.slice(at, at + PARALLEL);
      requests += places.length;
      if (requests > MAX_REQUESTS) {
        problems.add(`only the first ${MAX_REQUESTS} objects are browsed`);
        return variables;
      }
      // One more than the limit, to detect whether there are more.
      const limit = options.maxNodes - seen + 1;
      const below = await inParallel(places, PARALLEL, ({ nodeId }) => childrenOf(session, nodeId, limit, problems));
      for (const [index, { path }] of places.entries()) {
        for (const node of below[index] ?? []) {
          if (seen === options.maxNodes) {
            problems.add(`only the first ${options.maxNodes} nodes are used (auto_browse.max_nodes)`);
            return variables;
          }
          seen++;
          if (visited.has(node.nodeId) || !isBrowsed(node, options)) continue;
          visited.add(node.nodeId);
          if (node.kind === 'variable') variables.push({ node, path });
          if (node.kind === 'object') next.push({ nodeId: node.nodeId, path: [...path, node] });
        }
      }
    }
    level = next;
  }
  return variables;
}

/** Returns whether a node is in a browsed namespace. If there is an allow list, only that counts. */
function isBrowsed(node: Pick<BrowsedNode, 'nodeId' | 'namespace'>, browse: AutoBrowse): boolean {
  const { namespaceAllow, namespaceDeny } = browse;
  const namespace = node.namespace ?? parseNodeId(node.nodeId)?.namespace;
  if (namespace === undefined) return false;
  return namespaceAllow.length > 0 ? namespaceAllow.includes(namespace) : !namespaceDeny.includes(namespace);
}

async function childrenOf(
  session: Pick<PlcSession, 'browse'>,
  nodeId: string,
  limit: number,
  problems: Warnings,
): Promise<readonly BrowsedNode[]> {
  try {
    return (await session.browse(nodeId, limit)).slice(0, limit);
  } catch (error) {
    if (!(error instanceof PlcRefused)) throw error;
    problems.add(`the nodes below ${nodeId} are ignored: ${error.message}`);
    return [];
  }
}
