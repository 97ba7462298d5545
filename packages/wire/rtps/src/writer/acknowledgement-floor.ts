import type { ReaderMatch } from './reader-match.ts';

/**
 * The number up to which every reliable reader has acknowledged. Readers are iterated only when the last reader at the
 * floor has advanced, so the cost of an acknowledgement does not depend on their number.
 */
export class AcknowledgementFloor {
  readonly #matches: () => Iterable<ReaderMatch>;
  #lowest = Number.POSITIVE_INFINITY;
  #atLowest = 0;

  constructor(matches: () => Iterable<ReaderMatch>) {
    this.#matches = matches;
  }

  /** Infinity if there is no reliable reader. */
  get lowest(): number {
    return this.#lowest;
  }

  /** A reader was added, or started again with fewer acknowledged samples. */
  addMatch({ reliable, acknowledged }: ReaderMatch): void {
    if (!reliable || acknowledged > this.#lowest) return;
    this.#atLowest = acknowledged < this.#lowest ? 1 : this.#atLowest + 1;
    this.#lowest = acknowledged;
  }

  /**
   * A reliable reader that had acknowledged up to `before` has advanced or was removed. Returns true if the floor rose.
   */
  left(before: number): boolean {
    if (before > this.#lowest) return false;
    this.#atLowest -= 1;
    if (this.#atLowest > 0) return false;
    this.#lowest = Number.POSITIVE_INFINITY;
    for (const match of this.#matches()) this.addMatch(match);
    return true;
  }
}
