import { abandonedCall, refusePlace } from '@medkit/core';
import { type Clock, Quota, type QuotaFigures } from '@medkit/edges';

export interface TurnsOptions {
  readonly clock: Clock;
  /** Pieces of work that have their turn at a time. */
  readonly atOnce: number;
  /** How long a turn lasts at most. Work that takes longer goes on, but is only waiting by then, which costs nothing. */
  readonly turnMs: number;
  /** Pieces of work that wait for their turn at most. */
  readonly maxWaiting: number;
}

const BOUND = { what: 'calls that wait', remedy: 'try again', parameter: 'max_waiting' } as const;

/** Lets work begin little by little, in order: a burst is spread, and who does not answer holds up nobody for long. */
export class Turns {
  readonly #options: TurnsOptions;
  readonly #waiting = new Set<() => void>();
  /** Bounds those that wait, by who asked. */
  readonly #quota: Quota;
  #taken = 0;

  constructor(options: TurnsOptions) {
    this.#options = options;
    this.#quota = new Quota(options.maxWaiting);
  }

  /** Counts of the pieces of work that wait. */
  figures(): QuotaFigures {
    return this.#quota.figures();
  }

  /**
   * Does `work` when it is its turn. Throws as `refusePlace` if too many wait, or too many of `owner`, and `service-unavailable`
   * if `signal` ends the wait.
   */
  async take<Result>(signal: AbortSignal, work: () => Promise<Result>, owner?: string): Promise<Result> {
    const { atOnce, clock, turnMs } = this.#options;
    if (this.#taken >= atOnce) await this.#turn(signal, owner);
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

  async #turn(signal: AbortSignal, owner: string | undefined): Promise<void> {
    if (signal.aborted) throw abandonedCall();
    refusePlace(this.#quota, owner, BOUND);
    this.#quota.add(owner);
    return new Promise((resolve, reject) => {
      const end = (): void => {
        this.#waiting.delete(begin);
        this.#quota.release(owner);
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
