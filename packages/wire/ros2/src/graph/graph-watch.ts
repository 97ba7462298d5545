import type { Clock, Timer } from '@medkit/edges';
import { prefixOf, type RemoteEndpoint, type RemoteParticipant } from '@medkit/rtps';
import type { Graph, GraphDiff } from '../adapter/graph.ts';
import { GraphModel } from './graph-model.ts';

/** Discovery comes in bursts: what arrives within this time is one change. */
const COALESCE_MS = 5;
/** A participant that has told of no node is nothing yet that anybody shows: that follows, and is told with it. */
const NEWCOMER_MS = 50;

interface Dependencies {
  readonly clock: Clock;
  /** A listener threw; the others are told all the same. */
  readonly onListenerFailure: () => void;
}

/** The graph with those who want to hear of its changes. */
export class GraphWatch {
  readonly #deps: Dependencies;
  readonly #model = new GraphModel();
  readonly #listeners = new Set<(diff: GraphDiff) => void>();
  #deferred: ((model: GraphModel) => void)[] = [];
  #timer: Timer | undefined;
  #dueMs = 0;

  constructor(deps: Dependencies) {
    this.#deps = deps;
  }

  /** Changes the graph by `change`; listeners hear of it a little later, together with what else changes until then. */
  update(change: (model: GraphModel) => void): void {
    change(this.#model);
    this.#flushWithin(COALESCE_MS);
  }

  /** The same of a participant that has appeared. */
  updateParticipant(participant: RemoteParticipant): void {
    this.#model.setParticipant(participant);
    this.#flushWithin(NEWCOMER_MS);
  }

  /** The same of an endpoint that has appeared. */
  updateEndpoint(endpoint: RemoteEndpoint): void {
    this.#model.setEndpoint(endpoint);
    this.#flushWithin(this.#model.knowsNodesOf(prefixOf(endpoint.guid)) ? COALESCE_MS : NEWCOMER_MS);
  }

  /** The same of a change that costs something to learn, and is not needed before. */
  defer(change: (model: GraphModel) => void): void {
    this.#deferred.push(change);
    this.#flushWithin(COALESCE_MS);
  }

  /** The graph with all that is known now. */
  current(): Graph {
    this.#flush();
    return this.#model.graph;
  }

  onChange(listener: (diff: GraphDiff) => void): () => void {
    this.#flush();
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  stop(): void {
    this.#timer?.cancel();
    this.#timer = undefined;
    this.#listeners.clear();
  }

  #flushWithin(waitMs: number): void {
    const { clock } = this.#deps;
    const dueMs = clock.monotonicMs() + waitMs;
    if (this.#timer && this.#dueMs <= dueMs) return;
    this.#timer?.cancel();
    this.#dueMs = dueMs;
    this.#timer = clock.after(waitMs, () => this.#flush());
  }

  #flush(): void {
    if (!this.#timer) return;
    this.#timer.cancel();
    this.#timer = undefined;
    const deferred = this.#deferred;
    this.#deferred = [];
    for (const change of deferred) change(this.#model);
    const diff = this.#model.takeDiff();
    if (diff) for (const listener of [...this.#listeners]) this.#tell(listener, diff);
  }

  #tell(listener: (diff: GraphDiff) => void, diff: GraphDiff): void {
    try {
      listener(diff);
    } catch {
      this.#deps.onListenerFailure();
    }
  }
}
