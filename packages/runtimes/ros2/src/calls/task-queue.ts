import { abandonedCallError, assertQuota } from '@medkit/core';
import { type Clock, Quota } from '@medkit/edges';

export interface TaskQueueOptions {
  readonly clock: Clock;
  /** Maximum tasks that hold a turn at a time. */
  readonly concurrency: number;
  /** Maximum length of a turn. A task that takes longer continues without a turn: by then it only waits for answers. */
  readonly turnMs: number;
  /** Maximum tasks that wait for a turn. */
  readonly maxWaiting: number;
}

const BOUND = { what: 'queued calls', remedy: 'try again', parameter: 'max_waiting' } as const;

/** Starts tasks in order, a few at a time, to spread bursts. A slow task blocks the next one for at most one turn. */
export class TaskQueue {
  readonly #options: TaskQueueOptions;
  readonly #waiting = new Set<() => void>();
  /** Bounds the waiting tasks, by owner. */
  readonly quota: Quota;
  #taken = 0;

  constructor(options: TaskQueueOptions) {
    this.#options = options;
    this.quota = new Quota(options.maxWaiting);
  }

  /**
   * Runs `work` when it is its turn. Throws as `assertQuota` if too many tasks wait, or too many of `owner`, and
   * `service-unavailable` if `signal` ends the wait.
   */
  async take<Result>(signal: AbortSignal, work: () => Promise<Result>, owner?: string): Promise<Result> {
    const { concurrency, clock, turnMs } = this.#options;
    if (this.#taken >= concurrency) await this.#turn(signal, owner);
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

  /** The next waiting task takes over the turn. */
  #pass(): void {
    const [next] = this.#waiting;
    if (next) next();
    else this.#taken--;
  }

  async #turn(signal: AbortSignal, owner: string | undefined): Promise<void> {
    if (signal.aborted) throw abandonedCallError();
    assertQuota(this.quota, owner, BOUND);
    this.quota.add(owner);
    return new Promise((resolve, reject) => {
      const end = (): void => {
        this.#waiting.delete(begin);
        this.quota.release(owner);
        signal.removeEventListener('abort', giveUp);
      };
      const begin = (): void => {
        end();
        resolve();
      };
      const giveUp = (): void => {
        end();
        reject(abandonedCallError());
      };
      this.#waiting.add(begin);
      signal.addEventListener('abort', giveUp);
    });
  }
}
