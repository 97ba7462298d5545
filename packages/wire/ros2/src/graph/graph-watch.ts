import type { Clock, Timer } from '@medkit/edges';
import { prefixOf, type RemoteEndpoint, type RemoteParticipant } from '@medkit/rtps';
import type { Graph, GraphDiff } from '../graph.ts';
import { GraphModel } from './graph-model.ts';

/** Discovery arrives in bursts: changes within this time are reported together. */
const COALESCE_MS = 5;
/**
 * A participant without announced nodes is not shown anywhere. It is reported together with its nodes, which follow
 * soon.
 */
const NEWCOMER_MS = 50;

interface Dependencies {
  readonly clock: Clock;
  /** A listener threw. The other listeners are notified nevertheless. */
  readonly onListenerFailure: () => void;
}

/** The graph, with listeners for its changes. */
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

  /** Applies a change. Listeners are notified a little later, together with further changes until then. */
  update(change: (model: GraphModel) => void): void {
    change(this.#model);
    this.#flushWithin(COALESCE_MS);
  }

  /** Adds a participant that has appeared. */
  updateParticipant(participant: RemoteParticipant): void {
    this.#model.setParticipant(participant);
    this.#flushWithin(NEWCOMER_MS);
  }

  /** Adds an endpoint that has appeared. */
  updateEndpoint(endpoint: RemoteEndpoint): void {
    this.#model.setEndpoint(endpoint);
    this.#flushWithin(this.#model.knowsNodesOf(prefixOf(endpoint.guid)) ? COALESCE_MS : NEWCOMER_MS);
  }

  /** Schedules a change that is expensive to compute, until the next notification or read of the graph. */
  defer(change: (model: GraphModel) => void): void {
    this.#deferred.push(change);
    this.#flushWithin(COALESCE_MS);
  }

  /** Returns the graph with all changes applied. */
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
    if (diff) for (const listener of [...this.#listeners]) this.#notify(listener, diff);
  }

  #notify(listener: (diff: GraphDiff) => void, diff: GraphDiff): void {
    try {
      listener(diff);
    } catch {
      this.#deps.onListenerFailure();
    }
  }
}
