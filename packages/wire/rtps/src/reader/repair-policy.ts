/** Time before a request for a sample is repeated, doubled while it stays unanswered. */
const FIRST_RETRY_MS = 20;
const LAST_RETRY_MS = 640;
/** Maximum samples and octets per request, so that a writer of large samples does not congest the same path again. */
const MAX_REQUESTED_BYTES = 512 * 1024;
const MAX_REQUESTED_SAMPLES = 256;

/** Decides which missing samples to request now, so that about one request per gap is outstanding. */
export class RepairPolicy {
  #highestRequested = 0;
  #baseAtRequest = 0;
  #retryMs = FIRST_RETRY_MS;
  #retryDueMs = 0;
  #averageBytes = 0;

  /** Records the size of a sample, which determines the number of samples per request. */
  observe(bytes: number): void {
    this.#averageBytes += (bytes - this.#averageBytes) / 8;
  }

  get windowSamples(): number {
    if (this.#averageBytes * MAX_REQUESTED_SAMPLES <= MAX_REQUESTED_BYTES) return MAX_REQUESTED_SAMPLES;
    return Math.max(1, Math.floor(MAX_REQUESTED_BYTES / this.#averageBytes));
  }

  /** Returns whether earlier requests may be repeated. */
  mayRepeat(nowMs: number): boolean {
    return nowMs >= this.#retryDueMs;
  }

  isNew(sequenceNumber: number): boolean {
    return sequenceNumber > this.#highestRequested;
  }

  /** Milliseconds until earlier requests may be repeated. */
  retryInMs(nowMs: number): number {
    return this.#retryDueMs - nowMs;
  }

  /** Records a request for numbers up to `highest`, when all samples below `base` had been received. */
  requested(base: number, highest: number, nowMs: number): void {
    const stuck = base === this.#baseAtRequest && this.mayRepeat(nowMs);
    this.#retryMs = stuck ? Math.min(this.#retryMs * 2, LAST_RETRY_MS) : FIRST_RETRY_MS;
    this.#baseAtRequest = base;
    this.#highestRequested = Math.max(this.#highestRequested, highest);
    this.#retryDueMs = nowMs + this.#retryMs;
  }

  reset(): void {
    this.#highestRequested = 0;
    this.#baseAtRequest = 0;
    this.#retryMs = FIRST_RETRY_MS;
    this.#retryDueMs = 0;
  }
}
