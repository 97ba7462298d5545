import { SovdError } from '@medkit/contract';
import { abandonedCall } from '@medkit/core';
import type { Clock } from '@medkit/edges';

export interface TurnsOptions {
  readonly clock: Clock;
  /** Pieces of work that have their turn at a time. */
  readonly atOnce: number;
  /** How long a turn lasts at most. Work that takes longer goes on, but is only waiting by then, which costs nothing. */
  readonly turnMs: number;
  /** Pieces of work that wait for their turn at most. */
  readonly maxWaiting: number;
}

/** Lets work begin little by little, in order: a burst is spread, and who does not answer holds up nobody for long. */
export class Turns {
  readonly #options: TurnsOptions;
  readonly #waiting = new Set<() => void>();
  #taken = 0;

  constructor(options: TurnsOptions) {
    this.#options = options;
  }

  /** Does `work` when it is its turn. Throws `service-unavailable` where too many wait, or `signal` ends the wait. */
  async take<Result>(signal: AbortSignal, work: () => Promise<Result>): Promise<Result> {
    const { atOnce, clock, turnMs } = this.#options;
    if (this.#taken >= atOnce) await this.#turn(signal);
    else this.#taken++;
    let over = false;
    const pass = (): void => {
      if (!over) this.#pass();
      over = true;
    };
    const timer = clock.after(turnMs, pass);
    try {
      return await work();
    } finally {
      timer.cancel();
      pass();
    }
  }

  /** Whoever is next takes over the turn. */
  #pass(): void {
    const [next] = this.#waiting;
    if (next) next();
    else this.#taken--;
  }

  #turn(signal: AbortSignal): Promise<void> {
    const { maxWaiting } = this.#options;
    if (signal.aborted) return Promise.reject(abandonedCall());
    if (this.#waiting.size >= maxWaiting) {
      const message = `${maxWaiting} calls wait for their turn already; try again`;
      return Promise.reject(new SovdError({ code: 'service-unavailable', message }));
    }
    return new Promise((resolve, reject) => {
      const end = (): void => {
        this.#waiting.delete(begin);
        signal.removeEventListener('abort', giveUp);
      };
      const begin = (): void => {
        end();
        resolve();
      };
      const giveUp = (): void => {
        end();
        reject(abandonedCall());
      };
      this.#waiting.add(begin);
      signal.addEventListener('abort', giveUp);
    });
  }
}
