import { MAX_HISTORY_MESSAGE_OCTETS, type RawSample } from '@medkit/faults';

/**
 * Minimum distance of samples, except the newest: the samples of a fast topic then cover seconds instead of the last
 * moment.
 */
const SPACING_MS = 100;
/** Maximum bytes per topic; the newest sample is stored whatever its size. */
const MAX_OCTETS = 1024 * 1024;

interface Entry {
  readonly sample: RawSample;
  readonly atMs: number;
}

/** The last samples of a topic: the newest, and earlier small ones at least a tenth of a second apart. */
export class SampleHistory {
  /** Oldest first. */
  readonly #entries: Entry[] = [];
  #octets = 0;

  /** Bytes of all samples. */
  get octets(): number {
    return this.#octets;
  }

  /** Returns the newest sample and the earlier ones after `sinceMs`, oldest first. */
  since(sinceMs: number): readonly RawSample[] {
    const newest = this.#entries.length - 1;
    return this.#entries.filter(({ atMs }, at) => at === newest || atMs > sinceMs).map(({ sample }) => sample);
  }

  /**
   * Adds the newest sample and removes those up to `sinceMs`.
   *
   * @param nowMs monotonic milliseconds
   */
  push(sample: RawSample, nowMs: number, sinceMs: number): void {
    const last = this.#entries.at(-1);
    const before = this.#entries.at(-2);
    const isClose = last && before && last.atMs - before.atMs < SPACING_MS;
    // Values of large messages are not evaluated, so they are not part of the history.
    if (last && (isClose || last.sample.octets.length > MAX_HISTORY_MESSAGE_OCTETS)) {
      this.#entries.pop();
      this.#octets -= last.sample.octets.length;
    }
    this.#entries.push({ sample, atMs: nowMs });
    this.#octets += sample.octets.length;
    while (this.#entries.length > 1 && (this.#octets > MAX_OCTETS || this.#entries[0].atMs <= sinceMs))
      this.dropOldest();
  }

  dropOldest(): void {
    this.#octets -= this.#entries.shift()?.sample.octets.length ?? 0;
  }
}
