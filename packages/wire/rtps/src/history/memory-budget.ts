/** Octets that are held for a while, and may be taken back when they have served nothing for the longest. */
export interface Holding {
  readonly bytes: number;
  /** When something was last added to it, monotonic milliseconds. */
  readonly progressMs: number;
}

/** Who gives up a holding that is taken back. It has to call `release`. */
export interface Holder<H extends Holding> {
  giveUp(holding: H): void;
}

/** What has not been added to for this long is taken back in any case. */
const IDLE_MS = 10_000;

/**
 * Octets that foreign input may occupy in one participant: samples in reassembly and samples held because an earlier
 * one is missing. A reader that finds it used up drops; a reliable writer will send again.
 *
 * Holdings are taken back, the one without progress for the longest first, whoever's it is: whoever begins large samples and
 * does not go on with them cannot keep others from theirs.
 */
export class MemoryBudget {
  readonly #limitBytes: number;
  /** In the order of their last progress. */
  readonly #holdings = new Map<Holding, Holder<Holding>>();
  #usedBytes = 0;

  constructor(limitBytes: number) {
    this.#limitBytes = limitBytes;
  }

  /** Takes `bytes`, or leaves it and says false. */
  take(bytes: number): boolean {
    if (this.#usedBytes + bytes > this.#limitBytes) return false;
    this.#usedBytes += bytes;
    return true;
  }

  give(bytes: number): void {
    this.#usedBytes -= bytes;
  }

  /** Makes room for `bytes` of one holder by taking back what others hold; false where that is not enough. */
  makeRoom(bytes: number, wanting: object): boolean {
    for (const [holding, holder] of this.#holdings) {
      if (this.#usedBytes + bytes <= this.#limitBytes) return true;
      if (holder !== wanting) holder.giveUp(holding);
    }
    return this.#usedBytes + bytes <= this.#limitBytes;
  }

  /** Takes the octets of a holding, which is there until it is released. Room was made before. */
  hold<H extends Holding>(holding: H, holder: Holder<H>): void {
    this.#usedBytes += holding.bytes;
    this.#holdings.set(holding, holder as unknown as Holder<Holding>);
  }

  /** The holding made progress. */
  touch(holding: Holding): void {
    const holder = this.#holdings.get(holding);
    if (!holder) return;
    this.#holdings.delete(holding);
    this.#holdings.set(holding, holder);
  }

  release(holding: Holding): void {
    if (this.#holdings.delete(holding)) this.#usedBytes -= holding.bytes;
  }

  /** Takes back what has been idle for long: a writer that fell silent in the middle of a sample holds it no longer. */
  sweep(nowMs: number): void {
    for (const [holding, holder] of this.#holdings) {
      if (nowMs - holding.progressMs <= IDLE_MS) return;
      holder.giveUp(holding);
    }
  }

  get usedBytes(): number {
    return this.#usedBytes;
  }
}
