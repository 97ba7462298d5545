import { errorMessage, type Log } from '@medkit/core';
import { type Clock, pause } from '@medkit/edges';

/**
 * Pause between two tasks: at least this, and a multiple of the duration of the last task. A peer may report a thousand
 * faults at the same time.
 */
const REST_MS = 20;
const REST_SHARE = 3;
const MAX_REST_MS = 5000;

export interface PeerWorkOptions {
  readonly clock: Clock;
  readonly log: Log;
  /** Aborted when no further task may begin. */
  readonly signal: AbortSignal;
}

/** Runs the tasks of each peer in sequence; a failure does not affect the next one. */
export class PeerWork {
  readonly #options: PeerWorkOptions;
  /** The last task of each peer, and why it failed. */
  readonly #last = new Map<string, Promise<void>>();
  readonly #failures = new Map<string, string>();

  constructor(options: PeerWorkOptions) {
    this.#options = options;
  }

  add(peer: string, task: () => Promise<void>): void {
    const before = this.#last.get(peer) ?? Promise.resolve();
    this.#last.set(
      peer,
      before.then(() => this.#attempt(peer, task)),
    );
  }

  /** Resolves when every added task has ended. */
  async settled(): Promise<void> {
    await Promise.all(this.#last.values());
  }

  async #attempt(peer: string, task: () => Promise<void>): Promise<void> {
    const { clock, log, signal } = this.#options;
    if (signal.aborted) return;
    const begunMs = clock.monotonicMs();
    try {
      await task();
      this.#failures.delete(peer);
    } catch (error) {
      const reason = errorMessage(error);
      if (signal.aborted) return;
      if (reason !== this.#failures.get(peer)) log('warn', `Faults of the gateway ${peer} are not copied: ${reason}`);
      this.#failures.set(peer, reason);
    }
    const restMs = REST_MS + REST_SHARE * (clock.monotonicMs() - begunMs);
    await pause(clock, Math.min(restMs, MAX_REST_MS), signal);
  }
}
