import type { Graph, GraphDiff } from '../adapter/graph.ts';
import { diffGraphs, EMPTY_GRAPH } from '../graph/diff-graphs.ts';

/** Changes that may be on their way to a client; while more happens, they become one. */
export const MAX_CHANGES_UNDER_WAY = 8;

interface Dependencies {
  readonly current: () => Graph;
  readonly post: (diff: GraphDiff) => void;
}

/**
 * Tells a client the changes of a graph. One that falls behind gets a single change from what it knows to what is, so a
 * graph that never rests piles nothing up.
 */
export class GraphFeed {
  readonly #deps: Dependencies;
  #told = EMPTY_GRAPH;
  #underWay = 0;

  constructor(deps: Dependencies) {
    this.#deps = deps;
  }

  /** Hears of a change at the moment when it is the latest. */
  changed(diff: GraphDiff): void {
    if (this.#underWay >= MAX_CHANGES_UNDER_WAY) return;
    if (diff.generation === this.#told.generation + 1) this.#tell(diff, this.#deps.current());
    else this.settle();
  }

  /** The client has taken a change in. */
  seen(): void {
    this.#underWay--;
    if (this.#underWay < MAX_CHANGES_UNDER_WAY) this.settle();
  }

  /** Tells all that is not told yet. */
  settle(): void {
    const graph = this.#deps.current();
    if (graph.generation !== this.#told.generation) this.#tell(diffGraphs(this.#told, graph), graph);
  }

  #tell(diff: GraphDiff, graph: Graph): void {
    this.#told = graph;
    this.#underWay++;
    this.#deps.post(diff);
  }
}
