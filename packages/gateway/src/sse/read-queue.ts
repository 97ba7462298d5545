import { SovdError } from '@medkit/contract';

/** Concurrent reads of logs: a slow store has other work besides clients that reconnect. */
const MAX_READS = 4;
/** Maximum waiting reads: one for each possible connection, though equal reads are shared. */
const MAX_WAITING = 4096;

/**
 * Queue for reads of past events. Clients that reconnect together, after an outage, use few concurrent calls to a log
 * and wait for each other instead of being refused.
 */
export class ReadQueue {
  readonly #waiting: (() => void)[] = [];
  #underWay = 0;

  /**
   * Runs `read` when it is its turn and returns its result; `first` is for a read that delays a client's reply. Rejects
   * with `service-unavailable` if too many wait.
   */
  async take<T>(read: () => Promise<T>, { first = false } = {}): Promise<T> {
    if (this.#underWay < MAX_READS) this.#underWay++;
    else await this.#turn(first);
    try {
      return await read();
    } finally {
      const next = this.#waiting.shift();
      if (next) next();
      else this.#underWay--;
    }
  }

  /** Waits until another read ends. */
  #turn(first: boolean): Promise<void> {
    if (this.#waiting.length >= MAX_WAITING) throw tooMany();
    return new Promise((resolve) => {
      if (first) this.#waiting.unshift(resolve);
      else this.#waiting.push(resolve);
    });
  }
}

function tooMany(): SovdError {
  const message = `${MAX_WAITING} reads of past events are already queued: try again in a few seconds`;
  return new SovdError({ code: 'service-unavailable', message });
}
