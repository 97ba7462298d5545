import type { CallContext } from '@medkit/core';
import { type Clock, within } from '@medkit/edges';
import type { Graph, GraphDiff } from '@medkit/ros2';
import { timeLeftMs } from '../calls/time-left.ts';
import type { GraphView } from './graph-view.ts';

/**
 * Maximum time from the announcement of a node until its initial endpoints are known. A node is announced before its
 * endpoints, which arrive one by one; some are lost and repeated.
 */
export const SETTLING_MS = 1000;

export interface NewNodesOptions {
  /** The graph; it must receive changes after this object does. */
  readonly view: Pick<GraphView, 'nodes'>;
  readonly clock: Clock;
}

/** Recently announced nodes, whose endpoints may not all be discovered yet. */
export class NewNodes {
  readonly #view: NewNodesOptions['view'];
  readonly #clock: Clock;
  /** When each node was first seen, by FQN, oldest first. */
  readonly #sinceMs = new Map<string, number>();
  readonly #waiting = new Set<() => void>();

  constructor({ view, clock }: NewNodesOptions) {
    this.#view = view;
    this.#clock = clock;
  }

  /** Nodes that exist at the start count as new. */
  begin({ nodes }: Pick<Graph, 'nodes'>): void {
    for (const { fqn } of nodes) this.#add(fqn);
  }

  /** Call before the view receives the change. */
  graphChanged({ nodes }: Pick<GraphDiff, 'nodes'>): void {
    for (const fqn of nodes.removed) this.#sinceMs.delete(fqn);
    for (const { fqn, participants } of nodes.added) {
      const known = this.#view.nodes.get(fqn)?.participants ?? [];
      // A restarted node is announced by another participant.
      if (participants.some((participant) => !known.includes(participant))) this.#add(fqn);
    }
    for (const fqn of this.#sinceMs.keys()) {
      if (this.settlingMs(fqn) > 0) break;
      this.#sinceMs.delete(fqn);
    }
    for (const wake of this.#waiting) wake();
  }

  /** Returns how long endpoints of a node may still be discovered; 0 for a node that is older or not in the graph. */
  settlingMs(fqn: string): number {
    const sinceMs = this.#sinceMs.get(fqn);
    return sinceMs === undefined ? 0 : Math.max(0, sinceMs + SETTLING_MS - this.#clock.monotonicMs());
  }

  /**
   * Returns the result of `look`. Repeats it at every change of the graph while the node is new and the call has time.
   */
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
