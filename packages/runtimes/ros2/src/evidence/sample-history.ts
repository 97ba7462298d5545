import { MAX_HISTORY_MESSAGE_OCTETS, type RawSample } from '@medkit/faults';

/** Between two samples, the newest aside: so those of a fast topic tell of seconds, not of its last moment. */
const SPACING_MS = 100;
/** Of one topic; the newest sample is kept whatever its size. */
const MAX_OCTETS = 1024 * 1024;

interface Entry {
  readonly sample: RawSample;
  readonly atMs: number;
}

/** The last samples of a topic: the newest, and before it small ones that are at least a tenth of a second apart. */
export class SampleHistory {
  /** Oldest first. */
  readonly #entries: Entry[] = [];
  #octets = 0;

  /** Of all samples. */
  get octets(): number {
    return this.#octets;
  }

  /** The newest sample, and before it those that came after `sinceMs`, oldest first. */
  since(sinceMs: number): readonly RawSample[] {
    const newest = this.#entries.length - 1;
    return this.#entries.filter(({ atMs }, at) => at === newest || atMs > sinceMs).map(({ sample }) => sample);
  }

  /**
   * Adds the newest sample and forgets those of `sinceMs` and before.
   *
   * @param nowMs monotonic milliseconds
   */
  push(sample: RawSample, nowMs: number, sinceMs: number): void {
    const last = this.#entries.at(-1);
    const before = this.#entries.at(-2);
    const isClose = last && before && last.atMs - before.atMs < SPACING_MS;
    // Nothing is told of the numbers of a large message, so it is no part of a history.
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
