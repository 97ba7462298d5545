import type { Clock, Timer } from '@medkit/edges';

/**
 * A reply was taken from the client's queue so long after it was acknowledged, if nothing else shows it. Acknowledgements
 * come from the middleware of the client, whose program may wait for a busy processor much longer; with 50 ms of it, bursts
 * of 32 lost replies on a machine with ten programs for each core.
 */
export const REPLY_TAKEN_AFTER_MS = 500;

/** How often an acknowledgement that is late is looked for. */
const LOOK_MS = 50;

/** A client that asked nothing for so long, with every request answered, begins anew: it may have more under way then. */
const IDLE_MS = 1000;

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
  /** Whether the client's middleware has acknowledged the reply that was written under this number. */
  readonly isAcknowledged: (sequenceNumber: number) => boolean;
}

/** When a request was written, by the clock of its machine, and when it arrived, by ours: wall clock, milliseconds. */
export interface RequestTimes {
  /** `undefined` where its client does not say. */
  readonly sourceMs: number | undefined;
  readonly receivedMs: number;
}

/**
 * Replies to one client on their way, no more at a time than its queue takes: of sixteen that are written together a reader
 * with a history of ten keeps the last ten, though all of them are acknowledged.
 *
 * Replies that were read are counted, not guessed: a client with `n` requests under way that has asked `m` times has read
 * `m - n` replies. How many it has under way shows when all replies that were written have been read for certain: it is what
 * it has asked and was not answered. That is once, when its queue is full for the first time. A client that sends each
 * request behind the reply to the one before has one under way; a pause within a burst does not look like that for long.
 */
export class ReplyWindow {
  readonly #options: ReplyWindowOptions;
  /** Since the client began. */
  #asked = 0;
  #written = 0;
  /** Replies that the client has read at least. */
  #read = 0;
  /** Requests that the client has under way; `undefined` as long as that is not certain. */
  #underWay: number | undefined;
  /** The most requests that were sent before any of them was answered, as long as `#underWay` is not certain. */
  #mostAtOnce = 0;
  /** When replies were written, by the wall clock, and how many were before these. */
  readonly #writtenMs: number[] = [];
  #writtenBefore = 0;
  #lastNumber = 0;
  /** When the last reply was written, or was found to be acknowledged late. */
  #settledMs = Number.NEGATIVE_INFINITY;
  #isLate = false;
  #lastAskedMs = Number.NEGATIVE_INFINITY;
  /** Each writes its reply, and gives its sequence number. */
  readonly #waiting: (() => number)[] = [];
  #release: Timer | undefined;
  /** By how much our clock is ahead of the client's, the shortest way of a request included. */
  #aheadMs = Number.POSITIVE_INFINITY;

  constructor(options: ReplyWindowOptions) {
    this.#options = options;
  }

  /** Has a reply written, now or when there is room for it, in the order of the calls; false where too many wait. */
  send(write: () => number): boolean {
    if (this.#waiting.length >= MAX_WAITING) return false;
    this.#waiting.push(write);
    this.#run();
    return true;
  }

  /** The client has asked once more. */
  asked(times: RequestTimes): void {
    const sentMs = this.#sentMs(times);
    const nowMs = this.#options.clock.monotonicMs();
    const isIdle = nowMs - this.#lastAskedMs > IDLE_MS && nowMs - this.#settledMs > IDLE_MS;
    if (isIdle && this.#waiting.length === 0) this.#begin();
    this.#lastAskedMs = nowMs;
    this.#asked += 1;
    if (this.#underWay === undefined) this.#lookAtOrder(sentMs);
    // More may be under way than there were, never fewer than are not answered.
    else this.#underWay = Math.max(this.#underWay, this.#asked - this.#written);
    if (this.#underWay !== undefined) this.#read = Math.max(this.#read, this.#asked - this.#underWay);
    // Behind the first of several at once it is not certain that any reply before was read.
    else this.#read = this.#mostAtOnce <= 1 ? this.#asked - 1 : 0;
    if (this.#waiting.length > 0) this.#run();
  }

  /** The client is gone; what waits is not written. */
  close(): void {
    this.#waiting.length = 0;
    this.#release?.cancel();
  }

  #begin(): void {
    this.#asked = 0;
    this.#written = 0;
    this.#read = 0;
    this.#underWay = undefined;
    this.#mostAtOnce = 0;
    this.#writtenMs.length = 0;
    this.#writtenBefore = 0;
  }

  /** How many requests were sent before any of them was answered, with the one that was sent then. */
  #lookAtOrder(sentMs: number): void {
    while (this.#writtenMs.length > 0 && this.#writtenMs[0] < sentMs) {
      this.#writtenMs.shift();
      this.#writtenBefore += 1;
    }
    this.#mostAtOnce = Math.max(this.#mostAtOnce, this.#asked - this.#writtenBefore);
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
    while (this.#waiting.length > 0) {
      if (this.#written - this.#read >= depth) {
        const waitMs = this.#untilRead(clock.monotonicMs());
        if (waitMs > 0) {
          this.#release ??= clock.after(waitMs, () => this.#released());
          return;
        }
        this.#read = this.#written;
        this.#underWay = this.#asked - this.#written;
      }
      if (this.#underWay === undefined && depth < Number.POSITIVE_INFINITY) this.#writtenMs.push(clock.wallMs());
      this.#written += 1;
      this.#settledMs = clock.monotonicMs();
      this.#isLate = false;
      this.#lastNumber = this.#waiting.shift()?.() ?? this.#lastNumber;
    }
  }

  /** How long to wait until every reply has been read that was written; 0 for not at all. */
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
