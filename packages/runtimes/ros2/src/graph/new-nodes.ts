import type { CallContext } from '@medkit/core';
import { type Clock, within } from '@medkit/edges';
import type { Graph, GraphDiff } from '@medkit/ros2';
import { timeLeftMs } from '../calls/time-left.ts';
import type { GraphView } from './graph-view.ts';

/**
 * How long it takes at most from the announcement of a node until all that it has when it starts is known: a node is
 * announced before its endpoints, which come one by one, some of them lost and sent again.
 */
export const SETTLING_MS = 1000;

export interface NewNodesOptions {
  /** The graph, to be told of changes after this. */
  readonly view: Pick<GraphView, 'nodes'>;
  readonly clock: Clock;
}

/** Nodes that appeared a moment ago. What is asked of them may be there in the next. */
export class NewNodes {
  readonly #view: NewNodesOptions['view'];
  readonly #clock: Clock;
  /** When each was first seen, by FQN, the oldest first. */
  readonly #sinceMs = new Map<string, number>();
  readonly #waiting = new Set<() => void>();

  constructor({ view, clock }: NewNodesOptions) {
    this.#view = view;
    this.#clock = clock;
  }

  /** The nodes that are there at the beginning are as new as those that follow. */
  begin({ nodes }: Pick<Graph, 'nodes'>): void {
    for (const { fqn } of nodes) this.#add(fqn);
  }

  /** To be called before the view has the change. */
  graphChanged({ nodes }: Pick<GraphDiff, 'nodes'>): void {
    for (const fqn of nodes.removed) this.#sinceMs.delete(fqn);
    for (const { fqn, participants } of nodes.added) {
      const known = this.#view.nodes.get(fqn)?.participants ?? [];
      // One that was started anew is announced by another participant.
      if (participants.some((participant) => !known.includes(participant))) this.#add(fqn);
    }
    for (const fqn of this.#sinceMs.keys()) {
      if (this.settlingMs(fqn) > 0) break;
      this.#sinceMs.delete(fqn);
    }
    for (const wake of this.#waiting) wake();
  }

  /** For how long something may still come of a node; 0 for one that has been there for longer, or is not there. */
  settlingMs(fqn: string): number {
    const sinceMs = this.#sinceMs.get(fqn);
    return sinceMs === undefined ? 0 : Math.max(0, sinceMs + SETTLING_MS - this.#clock.monotonicMs());
  }

  /** What `look` finds of a node. It is asked again with every change of the graph while the node is new and the call has time. */
  async find<Found>(fqn: string, call: CallContext, look: () => Found | undefined): Promise<Found | undefined> {
    for (;;) {
      const found = look();
      const leftMs = timeLeftMs(this.#clock, call.deadlineMs, this.settlingMs(fqn));
      if (found !== undefined || leftMs <= 0 || call.signal.aborted) return found;
      const { promise, resolve } = Promise.withResolvers<void>();
      this.#waiting.add(resolve);
      try {
        await within(this.#clock, leftMs, promise, () => undefined);
      } finally {
        this.#waiting.delete(resolve);
      }
    }
  }

  #add(fqn: string): void {
    this.#sinceMs.delete(fqn);
    this.#sinceMs.set(fqn, this.#clock.monotonicMs());
  }
}
