/** A client that asks sooner than this behind a reply may be in the middle of a burst, and not have read it. */
const DOUBT_MS = 5;
/** Requests, in queues of its replies, after which a client has no first burst any more. */
const MAX_QUEUES = 4;

/** A reply that was written, by both our clocks, milliseconds. */
export interface WrittenReply {
  readonly wallMs: number;
  readonly monotonicMs: number;
}

/**
 * Whether a client that asks on has read what it was answered, as long as little is known of it. One that pauses for a moment
 * within a burst looks like it: the first of its requests are answered by then. It can lose replies only if it has more
 * requests under way than its queue takes; of these, at least half are sent either before the pause or behind it.
 */
export class FirstBurst {
  readonly #depth: number;
  /** When replies were written, by the wall clock. */
  readonly #writtenMs: number[] = [];
  #doubted: WrittenReply[] = [];
  #asked = 0;
  #mostUnderWay = 0;
  #isOver = false;

  /** @param depth replies that the queue of the client takes */
  constructor(depth: number) {
    this.#depth = depth;
    this.#isOver = depth === Number.POSITIVE_INFINITY;
  }

  wrote(wallMs: number): void {
    if (!this.#isOver) this.#writtenMs.push(wallMs);
  }

  /** The client has asked, as it would behind the reading of a reply. */
  read(reply: WrittenReply, sentMs: number): void {
    if (!this.#isOver && sentMs - reply.wallMs < DOUBT_MS) this.#doubted.push(reply);
  }

  /**
   * The client has sent one more request. Gives the replies that it may not have read after all, oldest first: more requests
   * may be under way than its queue takes.
   */
  asked(sentMs: number): readonly WrittenReply[] {
    if (this.#isOver) return [];
    this.#asked += 1;
    const answered = this.#writtenMs.filter((wallMs) => wallMs < sentMs).length;
    this.#mostUnderWay = Math.max(this.#mostUnderWay, this.#asked - answered);
    if (this.#asked > MAX_QUEUES * this.#depth) this.end();
    if (this.#asked <= this.#depth || this.#mostUnderWay <= this.#depth / 2) return [];
    const doubted = this.#doubted;
    this.#doubted = [];
    return doubted;
  }

  /** Nothing was heard of the client for a while: what it sends now is another burst. */
  restart(): void {
    this.#asked = 0;
    this.#mostUnderWay = 0;
    this.#writtenMs.length = 0;
    this.#doubted = [];
  }

  /** The client is believed from now on. */
  end(): void {
    this.#isOver = true;
    this.restart();
  }
}
