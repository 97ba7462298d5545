import type { ReaderMatch } from './reader-match.ts';

/**
 * Up to which number every reliable reader has acknowledged. Readers are looked at one by one only when the last of those
 * at the floor has left it, so that an acknowledgement costs the same however many readers there are.
 */
export class AcknowledgementFloor {
  readonly #matches: () => Iterable<ReaderMatch>;
  #lowest = Number.POSITIVE_INFINITY;
  #atLowest = 0;

  constructor(matches: () => Iterable<ReaderMatch>) {
    this.#matches = matches;
  }

  /** Infinity where there is no reliable reader. */
  get lowest(): number {
    return this.#lowest;
  }

  /** A reader came, or began anew with less than it had. */
  joined({ reliable, acknowledged }: ReaderMatch): void {
    if (!reliable || acknowledged > this.#lowest) return;
    this.#atLowest = acknowledged < this.#lowest ? 1 : this.#atLowest + 1;
    this.#lowest = acknowledged;
  }

  /** A reliable reader that had acknowledged up to `before` has gone on, or away. True where the floor rose with it. */
  left(before: number): boolean {
    if (before > this.#lowest) return false;
    this.#atLowest -= 1;
    if (this.#atLowest > 0) return false;
    this.#lowest = Number.POSITIVE_INFINITY;
    for (const match of this.#matches()) this.joined(match);
    return true;
  }
}
