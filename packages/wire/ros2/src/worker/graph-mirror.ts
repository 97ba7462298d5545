import { EMPTY_GRAPH } from '../graph/diff-graphs.ts';
import { messageTypesOf } from '../graph/ros-endpoint.ts';
import type { Graph, GraphDiff, RosEndpoint, RosNode, RosParticipant } from '../graph.ts';

interface Dependencies {
  /** A listener threw. The other listeners are notified nevertheless. */
  readonly onListenerFailure: () => void;
}

/**
 * Copy of the graph, built from the changes sent by the other thread. It uses the row objects of the changes, so a
 * listener that stores them does not duplicate memory. Generation numbers continue when another thread takes over.
 */
export class GraphMirror {
  readonly #deps: Dependencies;
  readonly #nodes = new Map<string, RosNode>();
  readonly #endpoints = new Map<string, RosEndpoint>();
  readonly #participants = new Map<string, RosParticipant>();
  readonly #listeners = new Set<(diff: GraphDiff) => void>();
  #generation = 0;
  #graph: Graph | undefined = EMPTY_GRAPH;

  constructor(deps: Dependencies) {
    this.#deps = deps;
  }

  get graph(): Graph {
    this.#graph ??= {
      generation: this.#generation,
      participants: [...this.#participants.values()],
      nodes: [...this.#nodes.values()],
      endpoints: [...this.#endpoints.values()],
    };
    return this.#graph;
  }

  onChange(listener: (diff: GraphDiff) => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  /** Applies a change, notifies listeners, and returns the types of the affected endpoints. */
  apply({ nodes, endpoints, participants }: GraphDiff): ReadonlySet<string> {
    const touched = new Set(endpoints.added.flatMap(messageTypesOf));
    for (const gid of endpoints.removed) {
      const removed = this.#endpoints.get(gid);
      if (removed) for (const type of messageTypesOf(removed)) touched.add(type);
    }
    update(this.#nodes, nodes, ({ fqn }) => fqn);
    update(this.#endpoints, endpoints, ({ gid }) => gid);
    update(this.#participants, participants, ({ guidPrefix }) => guidPrefix);
    this.#generation++;
    this.#graph = undefined;
    this.#notify({ generation: this.#generation, nodes, endpoints, participants });
    return touched;
  }

  /** Empties the graph and notifies listeners. */
  clear(): void {
    const all = <Row>(rows: ReadonlyMap<string, Row>) => ({ added: [], removed: [...rows.keys()] });
    if (this.#nodes.size + this.#endpoints.size + this.#participants.size === 0) return;
    this.apply({
      generation: 0,
      nodes: all(this.#nodes),
      endpoints: all(this.#endpoints),
      participants: all(this.#participants),
    });
  }

  stop(): void {
    this.#listeners.clear();
  }

  #notify(diff: GraphDiff): void {
    for (const listener of [...this.#listeners]) {
      try {
        listener(diff);
      } catch {
        this.#deps.onListenerFailure();
      }
    }
  }
}

function update<Row>(
  rows: Map<string, Row>,
  { added, removed }: { readonly added: readonly Row[]; readonly removed: readonly string[] },
  keyOf: (row: Row) => string,
): void {
  for (const key of removed) rows.delete(key);
  for (const row of added) rows.set(keyOf(row), row);
}
