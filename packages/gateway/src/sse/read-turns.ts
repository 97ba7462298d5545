import { SovdError } from '@medkit/contract';

/** Reads of logs that are under way at a time: a slow store has others to answer besides clients that come back. */
const MAX_READS = 4;
/** Reads that wait for their turn: one of each connection that there may be, though those who ask the same share one. */
const MAX_WAITING = 4096;

/**
 * The queue of those who read past events. Clients that come back together, after an outage, take a few places among the calls
 * of a log, however many they are, and wait for each other rather than being refused.
 */
export class ReadTurns {
  readonly #waiting: (() => void)[] = [];
  #underWay = 0;

  /**
   * What `read` gives, once it is its turn; `first` is for what a client waits for before it is answered. Rejects with
   * `service-unavailable` where too many wait.
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

  /** Waits for the place of one that ends. */
  #turn(first: boolean): Promise<void> {
    if (this.#waiting.length >= MAX_WAITING) throw tooMany();
    return new Promise((resolve) => {
      if (first) this.#waiting.unshift(resolve);
      else this.#waiting.push(resolve);
    });
  }
}

function tooMany(): SovdError {
  const message = `${MAX_WAITING} reads of past events wait already: try again in a moment`;
  return new SovdError({ code: 'service-unavailable', message });
}
