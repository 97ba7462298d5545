/** Publishers with a separate limit; further ones share one. */
const MAX_SOURCES = 256;
const SHARED = '';

interface Bucket {
  tokens: number;
  filledMs: number;
}

/** Limits the messages per second of each source, so that one source cannot affect the others. */
export class SourceLimits {
  readonly #perSecond: number;
  readonly #buckets = new Map<string, Bucket>();

  constructor(perSecond: number) {
    this.#perSecond = perSecond;
  }

  get sources(): number {
    return this.#buckets.size;
  }

  /** Returns whether a message of the source is accepted now. A burst may contain the messages of one second. */
  admit(source: string, nowMs: number): boolean {
    const bucket = this.#bucketOf(source, nowMs);
    const refilled = ((nowMs - bucket.filledMs) / 1000) * this.#perSecond;
    bucket.tokens = Math.min(this.#perSecond, bucket.tokens + refilled);
    bucket.filledMs = nowMs;
    if (bucket.tokens < 1) return false;
    bucket.tokens--;
    return true;
  }

  #bucketOf(source: string, nowMs: number): Bucket {
    const known = this.#buckets.get(source);
    if (known) return known;
    if (this.#buckets.size >= MAX_SOURCES) this.#forgetQuiet(nowMs);
    if (this.#buckets.size >= MAX_SOURCES && source !== SHARED) return this.#bucketOf(SHARED, nowMs);
    const bucket = { tokens: this.#perSecond, filledMs: nowMs };
    this.#buckets.set(source, bucket);
    return bucket;
  }

  /** A source that was silent for a second has a full bucket again, like a new one. */
  #forgetQuiet(nowMs: number): void {
    for (const [source, { filledMs }] of this.#buckets) {
      if (nowMs - filledMs >= 1000) this.#buckets.delete(source);
    }
  }
}
