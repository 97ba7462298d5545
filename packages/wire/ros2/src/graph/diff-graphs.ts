import type { Graph, GraphDiff } from '../graph.ts';

/** The graph before any discovery. */
export const EMPTY_GRAPH: Graph = { generation: 0, participants: [], nodes: [], endpoints: [] };

/** Returns the difference between two graphs of the same model. Unchanged rows must be the same objects. */
export function diffGraphs(before: Graph, after: Graph): GraphDiff {
  return {
    generation: after.generation,
    nodes: diffRows(before.nodes, after.nodes, ({ fqn }) => fqn),
    endpoints: diffRows(before.endpoints, after.endpoints, ({ gid }) => gid),
    participants: diffRows(before.participants, after.participants, ({ guidPrefix }) => guidPrefix),
  };
}

function diffRows<Row>(
  before: readonly Row[],
  after: readonly Row[],
  keyOf: (row: Row) => string,
): { readonly added: readonly Row[]; readonly removed: readonly string[] } {
  const gone = new Map(before.map((row) => [keyOf(row), row]));
  const added: Row[] = [];
  for (const row of after) {
    const key = keyOf(row);
    if (gone.get(key) !== row) added.push(row);
    gone.delete(key);
  }
  return { added, removed: [...gone.keys()] };
}
