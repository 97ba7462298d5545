import { type Clock, Quota, type QuotaFigures } from '@medkit/edges';

/**
 * Octets of messages that are written together with faults: a storm of faults must not wait for a storm of messages. The faults of
 * one source have half of what the others left.
 */
export const MAX_HELD_OCTETS_PER_SECOND = 8_388_608;
const SECOND_MS = 1000;

/** What may still be written with faults in the present second. */
export class HeldBudget {
  readonly #clock: Clock;
  #sinceMs = Number.NEGATIVE_INFINITY;
  readonly #spent = new Quota(MAX_HELD_OCTETS_PER_SECOND);

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Octets that faults of a source may still have. */
  leftFor(source: string | undefined): number {
    this.#begin();
    const left = MAX_HELD_OCTETS_PER_SECOND - this.#spent.total;
    if (source === undefined) return left;
    return Math.max(0, Math.min(left, this.#spent.shareOf(source) - this.#spent.heldBy(source)));
  }

  spend(octets: number, source: string | undefined): void {
    this.#spent.add(source, octets);
  }

  /** Counts a capture that lacks messages because its source has spent its share. */
  refuse(): void {
    this.#spent.refuse();
  }

  /** Counts of the octets of the present second, by the sources of the faults. */
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
