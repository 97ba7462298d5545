/** Delay of the first heartbeat after a write to a lagging reader, then doubled each time. */
export const FIRST_HEARTBEAT_MS = 10;
const LAST_HEARTBEAT_MS = 1000;

/**
 * Time for a reader to answer the heartbeat after its samples. A new reader may have to process dozens of
 * announcements.
 */
const ANSWER_MS = 2 * FIRST_HEARTBEAT_MS;

/**
 * Schedules the heartbeats to one lagging reader. Each reader has its own schedule, so that the answer of one does not
 * repeat heartbeats to all others, which may be many and slow.
 */
export class HeartbeatPace {
  #dueMs = Number.NEGATIVE_INFINITY;
  #waitMs = FIRST_HEARTBEAT_MS;
  /** The highest number written at the last heartbeat. */
  #last = 0;

  /** The reader has made progress or is new: the next heartbeat is due soon. */
  restart(nowMs: number): void {
    this.#waitMs = FIRST_HEARTBEAT_MS;
    this.#dueMs = nowMs + FIRST_HEARTBEAT_MS;
  }

  /** The reader was sent everything up to `last` with a heartbeat. The next one follows after its time to answer. */
  served(last: number, nowMs: number): void {
    this.#last = last;
    this.#waitMs = ANSWER_MS;
    this.#dueMs = nowMs + ANSWER_MS;
  }

  /**
   * Milliseconds until the next heartbeat, where `last` is the highest number written. A new sample resets the delay.
   */
  dueInMs(last: number, nowMs: number): number {
    return last === this.#last ? this.#dueMs - nowMs : 0;
  }

  /** Records that a heartbeat is sent now. */
  reminded(last: number, nowMs: number): void {
    if (last !== this.#last) this.#waitMs = FIRST_HEARTBEAT_MS;
    this.#last = last;
    this.#dueMs = nowMs + this.#waitMs;
    this.#waitMs = Math.min(this.#waitMs * 2, LAST_HEARTBEAT_MS);
  }
}
