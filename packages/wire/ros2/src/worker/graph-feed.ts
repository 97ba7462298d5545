import { diffGraphs, EMPTY_GRAPH } from '../graph/diff-graphs.ts';
import type { Graph, GraphDiff } from '../graph.ts';

/** Maximum changes in transit to a client. Further changes are merged into one. */
export const MAX_PENDING_CHANGES = 8;

interface Dependencies {
  readonly current: () => Graph;
  readonly post: (diff: GraphDiff) => void;
}

/**
 * Sends the changes of a graph to a client. A client that falls behind receives a single change from its last known
 * graph to the current one, so changes do not pile up.
 */
export class GraphFeed {
  readonly #deps: Dependencies;
  #sent = EMPTY_GRAPH;
  #underWay = 0;

  constructor(deps: Dependencies) {
    this.#deps = deps;
  }

  /** Receives a change while it is the latest. */
  changed(diff: GraphDiff): void {
    if (this.#underWay >= MAX_PENDING_CHANGES) return;
    if (diff.generation === this.#sent.generation + 1) this.#send(diff, this.#deps.current());
    else this.settle();
  }

  /** Called when the client has applied a change. */
  seen(): void {
    this.#underWay--;
    if (this.#underWay < MAX_PENDING_CHANGES) this.settle();
  }

  /** Sends all changes that were not sent yet. */
  settle(): void {
    const graph = this.#deps.current();
    if (graph.generation !== this.#sent.generation) this.#send(diffGraphs(this.#sent, graph), graph);
  }

  #send(diff: GraphDiff, graph: Graph): void {
    this.#sent = graph;
    this.#underWay++;
    this.#deps.post(diff);
  }
}
