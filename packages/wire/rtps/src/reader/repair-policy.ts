/** How long a request for a sample is given before it is repeated, doubled while nothing comes of it. */
const FIRST_RETRY_MS = 20;
const LAST_RETRY_MS = 640;
/** Samples to ask for at once: what a writer of large ones can send again without flooding the same path once more. */
const MAX_REQUESTED_BYTES = 512 * 1024;
const MAX_REQUESTED_SAMPLES = 256;

/** Decides which missing samples to ask for now, so that about one request per gap is under way. */
export class RepairPolicy {
  #highestRequested = 0;
  #baseAtRequest = 0;
  #retryMs = FIRST_RETRY_MS;
  #retryDueMs = 0;
  #averageBytes = 0;

  /** Notes the size of a sample, for the number to ask for at once. */
  observe(bytes: number): void {
    this.#averageBytes += (bytes - this.#averageBytes) / 8;
  }

  get windowSamples(): number {
    if (this.#averageBytes * MAX_REQUESTED_SAMPLES <= MAX_REQUESTED_BYTES) return MAX_REQUESTED_SAMPLES;
    return Math.max(1, Math.floor(MAX_REQUESTED_BYTES / this.#averageBytes));
  }

  /** Whether what was asked for before may be asked for again. */
  mayRepeat(nowMs: number): boolean {
    return nowMs >= this.#retryDueMs;
  }

  isNew(sequenceNumber: number): boolean {
    return sequenceNumber > this.#highestRequested;
  }

  /** Milliseconds until what was asked for may be asked for again. */
  retryInMs(nowMs: number): number {
    return this.#retryDueMs - nowMs;
  }

  /** Numbers up to `highest` were asked for, while all below `base` had been received. */
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
