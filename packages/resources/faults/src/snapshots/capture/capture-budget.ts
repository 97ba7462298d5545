import { type Clock, Quota, type QuotaFigures } from '@medkit/edges';

/**
 * Maximum bytes of buffered messages written with faults, so that a storm of faults does not wait for its messages. The
 * faults of one source may use half of what the others leave.
 */
export const MAX_HELD_OCTETS_PER_SECOND = 8_388_608;
const SECOND_MS = 1000;

/** The budget of messages written with faults in the current second. */
export class CaptureBudget {
  readonly #clock: Clock;
  #sinceMs = Number.NEGATIVE_INFINITY;
  readonly #spent = new Quota(MAX_HELD_OCTETS_PER_SECOND);

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Returns the bytes that the faults of a source may still use. */
  remainingFor(source: string | undefined): number {
    this.#begin();
    const remaining = MAX_HELD_OCTETS_PER_SECOND - this.#spent.total;
    if (source === undefined) return remaining;
    return Math.max(0, Math.min(remaining, this.#spent.shareOf(source) - this.#spent.heldBy(source)));
  }

  spend(octets: number, source: string | undefined): void {
    this.#spent.add(source, octets);
  }

  /** Counts a capture that lacks messages because its source has used up its share. */
  refuse(): void {
    this.#spent.refuse();
  }

  /** Counts of bytes in the current second, by source. */
  figures(): QuotaFigures {
    this.#begin();
    return this.#spent.figures();
  }

  /** Begins a new second if the last one is over. */
  #begin(): void {
    const nowMs = this.#clock.monotonicMs();
    if (nowMs - this.#sinceMs < SECOND_MS) return;
    this.#sinceMs = nowMs;
    this.#spent.clear();
  }
}
