import type { RawSample } from '@medkit/faults';

/** Samples that are kept of one topic. */
const MAX_SAMPLES = 32;
/** Between two of them, the newest aside: so the samples of a fast topic tell of seconds, not of its last moment. */
const SPACING_MS = 100;
/** Of one topic; the newest sample is kept whatever its size. */
const MAX_OCTETS = 4 * 1024 * 1024;

interface Entry {
  readonly sample: RawSample;
  readonly atMs: number;
}

/** The last samples of a topic: the newest, and before it some that are at least a tenth of a second apart. */
export class SampleHistory {
  /** Oldest first. */
  readonly #entries: Entry[] = [];
  #octets = 0;

  /** Of all samples. */
  get octets(): number {
    return this.#octets;
  }

  /** Oldest first. */
  get samples(): readonly RawSample[] {
    return this.#entries.map(({ sample }) => sample);
  }

  /** @param nowMs monotonic milliseconds */
  push(sample: RawSample, nowMs: number): void {
    const last = this.#entries.at(-1);
    const before = this.#entries.at(-2);
    if (last && before && last.atMs - before.atMs < SPACING_MS)
      this.#octets -= this.#entries.pop()!.sample.octets.length;
    this.#entries.push({ sample, atMs: nowMs });
    this.#octets += sample.octets.length;
    while (this.#entries.length > MAX_SAMPLES || (this.#octets > MAX_OCTETS && this.#entries.length > 1))
      this.dropOldest();
  }

  dropOldest(): void {
    this.#octets -= this.#entries.shift()?.sample.octets.length ?? 0;
  }
}
