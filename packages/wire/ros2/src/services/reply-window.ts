import type { Clock, Timer } from '@medkit/edges';

/**
 * Time after the acknowledgement of a reply after which it counts as read, unless known earlier. Middleware
 * acknowledges, but the client program may wait much longer for a busy processor. With 50 ms, bursts of 32 lost replies
 * on a machine with ten programs per core.
 */
export const REPLY_TAKEN_AFTER_MS = 500;

/** Interval at which a late acknowledgement is checked. */
const LOOK_MS = 50;

/**
 * A client without requests for this time, and with every request answered, starts again. It may then send more
 * requests concurrently.
 */
const IDLE_MS = 1000;

/** Maximum replies that wait for room at one client: the number of requests that a server handles at a time. */
const MAX_WAITING = 256;

/** Clock differences below this value are ignored, because they may be transmission time only. */
const SAME_CLOCK_MS = 10;
/** Maximum transmission time of a request. A longer one means that the clock of the client's machine was set. */
const MAX_TRANSIT_MS = 1000;

export interface ReplyWindowOptions {
  readonly clock: Clock;
  /** Queue depth of the client's reply reader. */
  readonly depth: number;
  /** Returns whether the client's middleware has acknowledged the reply with this sequence number. */
  readonly isAcknowledged: (sequenceNumber: number) => boolean;
}

/**
 * When a request was written, by the client's clock, and when it arrived, by this machine's clock. Wall clock,
 * milliseconds.
 */
export interface RequestTimes {
  /** `undefined` if the client does not send it. */
  readonly sourceMs: number | undefined;
  readonly receivedMs: number;
}

/**
 * Limits the unread replies to one client to the depth of its queue. If sixteen replies are written together, a reader
 * with a history of ten retains only the last ten, although all are acknowledged.
 *
 * Read replies are counted, not estimated: a client with `n` open requests that has sent `m` requests has read `m - n`
 * replies. `n` is known when all written replies have certainly been read: it is then the number of unanswered
 * requests. That happens once, when its queue is full for the first time. A client that sends each request after the
 * preceding reply has one open request. A pause within a burst looks like that only briefly.
 */
export class ReplyWindow {
  readonly #options: ReplyWindowOptions;
  /** Counters since the client started. */
  #requests = 0;
  #written = 0;
  /** Minimum number of replies that the client has read. */
  #read = 0;
  /** Number of open requests of the client, `undefined` while uncertain. */
  #underWay: number | undefined;
  /** Maximum requests sent before any of them was answered, while `#underWay` is uncertain. */
  #mostAtOnce = 0;
  /** Wall clock times of written replies, and the number of replies before these. */
  readonly #writtenMs: number[] = [];
  #writtenBefore = 0;
  #lastNumber = 0;
  /** When the last reply was written, or was found to be acknowledged late. */
  #settledMs = Number.NEGATIVE_INFINITY;
  #isLate = false;
  #lastRequestMs = Number.NEGATIVE_INFINITY;
  /** Functions that write a reply and return its sequence number. */
  readonly #waiting: (() => number)[] = [];
  #release: Timer | undefined;
  /** Offset of this clock to the client's, including the shortest transmission time of a request. */
  #aheadMs = Number.POSITIVE_INFINITY;

  constructor(options: ReplyWindowOptions) {
    this.#options = options;
  }

  /** Writes a reply now or when there is room, in the order of the calls. Returns false if too many wait. */
  send(write: () => number): boolean {
    if (this.#waiting.length >= MAX_WAITING) return false;
    this.#waiting.push(write);
    this.#run();
    return true;
  }

  /** Records a request of the client. */
  requested(times: RequestTimes): void {
    const sentMs = this.#sentMs(times);
    const nowMs = this.#options.clock.monotonicMs();
    const isIdle = nowMs - this.#lastRequestMs > IDLE_MS && nowMs - this.#settledMs > IDLE_MS;
    if (isIdle && this.#waiting.length === 0) this.#begin();
    this.#lastRequestMs = nowMs;
    this.#requests += 1;
    if (this.#underWay === undefined) this.#lookAtOrder(sentMs);
    // The number of open requests may grow, but is never below the number of unanswered ones.
    else this.#underWay = Math.max(this.#underWay, this.#requests - this.#written);
    if (this.#underWay !== undefined) this.#read = Math.max(this.#read, this.#requests - this.#underWay);
    // After the first of several concurrent requests, it is uncertain whether any earlier reply was read.
    else this.#read = this.#mostAtOnce <= 1 ? this.#requests - 1 : 0;
    if (this.#waiting.length > 0) this.#run();
  }

  /** The client was removed: waiting replies are discarded. */
  close(): void {
    this.#waiting.length = 0;
    this.#release?.cancel();
  }

  #begin(): void {
    this.#requests = 0;
    this.#written = 0;
    this.#read = 0;
    this.#underWay = undefined;
    this.#mostAtOnce = 0;
    this.#writtenMs.length = 0;
    this.#writtenBefore = 0;
  }

  /** Counts the requests sent before any of them was answered, including the one sent at `sentMs`. */
  #lookAtOrder(sentMs: number): void {
    while (this.#writtenMs.length > 0 && this.#writtenMs[0] < sentMs) {
      this.#writtenMs.shift();
      this.#writtenBefore += 1;
    }
    this.#mostAtOnce = Math.max(this.#mostAtOnce, this.#requests - this.#writtenBefore);
  }

  /** Returns when a request was sent, by this machine's clock. */
  #sentMs({ sourceMs, receivedMs }: RequestTimes): number {
    if (sourceMs === undefined) return receivedMs;
    const aheadMs = receivedMs - sourceMs;
    if (aheadMs < this.#aheadMs || aheadMs - this.#aheadMs > MAX_TRANSIT_MS) this.#aheadMs = aheadMs;
    const isSameClock = Math.abs(this.#aheadMs) < SAME_CLOCK_MS;
    return sourceMs + (isSameClock ? Math.min(0, this.#aheadMs) : this.#aheadMs);
  }

  #run(): void {
    const { clock, depth } = this.#options;
    while (this.#waiting.length > 0) {
      if (this.#written - this.#read >= depth) {
        const waitMs = this.#untilRead(clock.monotonicMs());
        if (waitMs > 0) {
          this.#release ??= clock.after(waitMs, () => this.#released());
          return;
        }
        this.#read = this.#written;
        this.#underWay = this.#requests - this.#written;
      }
      if (this.#underWay === undefined && depth < Number.POSITIVE_INFINITY) this.#writtenMs.push(clock.wallMs());
      this.#written += 1;
      this.#settledMs = clock.monotonicMs();
      this.#isLate = false;
      this.#lastNumber = this.#waiting.shift()?.() ?? this.#lastNumber;
    }
  }

  /** Returns the time until all written replies have been read, 0 if they have. */
  #untilRead(nowMs: number): number {
    const waitMs = this.#settledMs + REPLY_TAKEN_AFTER_MS - nowMs;
    if (waitMs > 0) return waitMs;
    if (!this.#options.isAcknowledged(this.#lastNumber)) {
      this.#isLate = true;
      return LOOK_MS;
    }
    if (!this.#isLate) return 0;
    this.#isLate = false;
    this.#settledMs = nowMs;
    return REPLY_TAKEN_AFTER_MS;
  }

  #released(): void {
    this.#release = undefined;
    this.#run();
  }
}
