/** Heartbeats to a reader that lags: the first one soon after a write, then with twice the wait each. */
export const FIRST_HEARTBEAT_MS = 10;
const LAST_HEARTBEAT_MS = 1000;

/** What a reader is given to answer the heartbeat behind what it was sent: a newcomer takes in dozens of announcements. */
const ANSWER_MS = 2 * FIRST_HEARTBEAT_MS;

/**
 * When one reader is to be reminded. Each has a pace of its own: one that answers must not have all the others, who may be
 * many and slow, reminded anew.
 */
export class HeartbeatPace {
  #dueMs = Number.NEGATIVE_INFINITY;
  #waitMs = FIRST_HEARTBEAT_MS;
  /** The highest number written at its last reminder. */
  #last = 0;

  /** It has made progress, or is new: the next reminder is due soon, not later. */
  restart(nowMs: number): void {
    this.#waitMs = FIRST_HEARTBEAT_MS;
    this.#dueMs = nowMs + FIRST_HEARTBEAT_MS;
  }

  /** It was sent what it has not, up to `last`, with a heartbeat: no reminder before it can have answered that. */
  served(last: number, nowMs: number): void {
    this.#last = last;
    this.#waitMs = ANSWER_MS;
    this.#dueMs = nowMs + ANSWER_MS;
  }

  /** Milliseconds until its next reminder, where `last` was written last. Something new starts the waits again. */
  dueInMs(last: number, nowMs: number): number {
    return last === this.#last ? this.#dueMs - nowMs : 0;
  }

  /** It is reminded now. */
  reminded(last: number, nowMs: number): void {
    if (last !== this.#last) this.#waitMs = FIRST_HEARTBEAT_MS;
    this.#last = last;
    this.#dueMs = nowMs + this.#waitMs;
    this.#waitMs = Math.min(this.#waitMs * 2, LAST_HEARTBEAT_MS);
  }
}
