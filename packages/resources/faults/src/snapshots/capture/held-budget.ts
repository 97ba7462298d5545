import type { Clock } from '@medkit/edges';

/** Octets of messages that are written together with faults: a storm of faults must not wait for a storm of messages. */
export const MAX_HELD_OCTETS_PER_SECOND = 8_388_608;
const SECOND_MS = 1000;

/** What may still be written with faults in the present second. */
export class HeldBudget {
  readonly #clock: Clock;
  #sinceMs = Number.NEGATIVE_INFINITY;
  #spent = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  get left(): number {
    const nowMs = this.#clock.monotonicMs();
    if (nowMs - this.#sinceMs >= SECOND_MS) {
      this.#sinceMs = nowMs;
      this.#spent = 0;
    }
    return MAX_HELD_OCTETS_PER_SECOND - this.#spent;
  }

  spend(octets: number): void {
    this.#spent += octets;
  }
}
