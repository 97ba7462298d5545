import type { Clock, Timer } from '@medkit/edges';
import { FirstBurst, type WrittenReply } from './first-burst.ts';

/**
 * A reply of which nothing more is heard was taken from the client's queue after so long. Only a client that has more
 * requests under way than its queue takes replies, and asks nothing further, ever waits for it.
 */
export const REPLY_TAKEN_AFTER_MS = 50;

/** Replies that wait for room at one client: as many as a server handles requests at a time. */
const MAX_WAITING = 256;

/** Clocks of two machines that differ by less are taken for one: what they seem to differ by may be the way alone. */
const SAME_CLOCK_MS = 10;
/** No request is under way for so long: where it seems so, the clock of its machine was set. */
const MAX_TRANSIT_MS = 1000;

export interface ReplyWindowOptions {
  readonly clock: Clock;
  /** Replies that the queue of the client takes. */
  readonly depth: number;
}

/** When a request was written, by the clock of its machine, and when it arrived, by ours: wall clock, milliseconds. */
export interface RequestTimes {
  /** `undefined` where its client does not say. */
  readonly sourceMs: number | undefined;
  readonly receivedMs: number;
}

/**
 * Replies to one client on their way, no more at a time than its queue takes: of sixteen that are written together a reader
 * with a history of ten keeps the last ten, though all of them are acknowledged. That one was taken shows when the client
 * asks again after it was written: those that keep so many requests under way ask for the next when they have read a reply.
 * Of the first burst of a client that is not certain, see `FirstBurst`.
 */
export class ReplyWindow {
  readonly #options: ReplyWindowOptions;
  /** When the replies were written that may not have been taken yet, the oldest first. */
  readonly #written: WrittenReply[] = [];
  readonly #burst: FirstBurst;
  #lastMs = Number.NEGATIVE_INFINITY;
  /** Each writes its reply. */
  readonly #waiting: (() => void)[] = [];
  #release: Timer | undefined;
  /** By how much our clock is ahead of the client's, the shortest way of a request included. */
  #aheadMs = Number.POSITIVE_INFINITY;

  constructor(options: ReplyWindowOptions) {
    this.#options = options;
    this.#burst = new FirstBurst(options.depth);
  }

  /** Has a reply written, now or when there is room for it, in the order of the calls; false where too many wait. */
  send(write: () => void): boolean {
    if (this.#waiting.length >= MAX_WAITING) return false;
    this.#waiting.push(write);
    this.#run();
    return true;
  }

  /** The client has asked again. What it wrote before it had a reply, such as the rest of a burst, says nothing of that. */
  asked(times: RequestTimes): void {
    const sentMs = this.#sentMs(times);
    const nowMs = this.#options.clock.monotonicMs();
    if (nowMs - this.#lastMs > REPLY_TAKEN_AFTER_MS) this.#burst.restart();
    this.#lastMs = nowMs;
    const oldest = this.#written[0];
    if (oldest && oldest.wallMs < sentMs) {
      this.#written.shift();
      this.#burst.read(oldest, sentMs);
    }
    this.#written.unshift(...this.#burst.asked(sentMs));
    if (this.#waiting.length > 0) this.#run();
  }

  /** The client is gone; what waits is not written. */
  close(): void {
    this.#waiting.length = 0;
    this.#release?.cancel();
  }

  /** When a request was sent, by our clock. */
  #sentMs({ sourceMs, receivedMs }: RequestTimes): number {
    if (sourceMs === undefined) return receivedMs;
    const aheadMs = receivedMs - sourceMs;
    if (aheadMs < this.#aheadMs || aheadMs - this.#aheadMs > MAX_TRANSIT_MS) this.#aheadMs = aheadMs;
    const isSameClock = Math.abs(this.#aheadMs) < SAME_CLOCK_MS;
    return sourceMs + (isSameClock ? Math.min(0, this.#aheadMs) : this.#aheadMs);
  }

  #run(): void {
    const { clock, depth } = this.#options;
    const monotonicMs = clock.monotonicMs();
    while (this.#waiting.length > 0) {
      while (this.#written.length >= depth) {
        const waitMs = this.#written[0].monotonicMs + REPLY_TAKEN_AFTER_MS - monotonicMs;
        if (waitMs > 0) {
          this.#release ??= clock.after(waitMs, () => this.#released());
          return;
        }
        this.#written.shift();
        // The client has had the time to read; what it has under way now is what it has.
        this.#burst.end();
      }
      const wallMs = clock.wallMs();
      this.#written.push({ wallMs, monotonicMs });
      this.#burst.wrote(wallMs);
      this.#waiting.shift()?.();
    }
  }

  #released(): void {
    this.#release = undefined;
    this.#run();
  }
}
