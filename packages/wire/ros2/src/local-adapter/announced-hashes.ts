import type { GraphWatch } from '../graph/graph-watch.ts';
import { carriedTypeOf } from '../graph/ros-endpoint.ts';
import type { Graph } from '../graph.ts';

const NONE: ReadonlySet<string> = new Set();

/**
 * Returns the hashes that the graph announces for a type. Indexed once per generation, because messages are decoded far
 * more often.
 */
export function announcedHashes(watch: Pick<GraphWatch, 'current'>): (type: string) => ReadonlySet<string> {
  let indexed: Graph | undefined;
  let hashes = new Map<string, Set<string>>();
  return (type) => {
    const graph = watch.current();
    if (graph !== indexed) {
      hashes = indexHashes(graph);
      indexed = graph;
    }
    return hashes.get(type) ?? NONE;
  };
}

function indexHashes({ endpoints }: Graph): Map<string, Set<string>> {
  const index = new Map<string, Set<string>>();
  for (const endpoint of endpoints) {
    const { typeHash } = endpoint;
    if (typeHash === undefined) continue;
    const type = carriedTypeOf(endpoint);
    const known = index.get(type);
    if (known) known.add(typeHash);
    else index.set(type, new Set([typeHash]));
  }
  return index;
}
