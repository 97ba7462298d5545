/** Memory held temporarily. The budget may reclaim it from the holding that made no progress for the longest time. */
export interface Holding {
  readonly bytes: number;
  /** When data was last added, monotonic milliseconds. */
  readonly progressMs: number;
}

/** Owner of holdings. When the budget reclaims a holding, the owner must call `release`. */
export interface Holder<H extends Holding> {
  giveUp(holding: H): void;
}

/** A holding without progress for this long is always reclaimed. */
const IDLE_MS = 10_000;

/**
 * Octets that remote data may occupy in one participant: samples in reassembly, and samples waiting for a missing
 * earlier one. If the budget is used up, a reader drops the data; a reliable writer will send it again.
 *
 * The budget reclaims the holding that made no progress for the longest time first, from any participant. A participant
 * that starts large samples and never completes them cannot block the others.
 */
export class MemoryBudget {
  readonly #limitBytes: number;
  /** Ordered by last progress, oldest first. */
  readonly #holdings = new Map<Holding, Holder<Holding>>();
  #usedBytes = 0;

  constructor(limitBytes: number) {
    this.#limitBytes = limitBytes;
  }

  /** Reserves `bytes`. Returns false without reserving if they do not fit. */
  take(bytes: number): boolean {
    if (this.#usedBytes + bytes > this.#limitBytes) return false;
    this.#usedBytes += bytes;
    return true;
  }

  give(bytes: number): void {
    this.#usedBytes -= bytes;
  }

  /**
   * Frees room for `bytes` by reclaiming holdings of owners other than `wanting`. Returns false if that is not enough.
   */
  makeRoom(bytes: number, wanting: object): boolean {
    for (const [holding, holder] of this.#holdings) {
      if (this.#usedBytes + bytes <= this.#limitBytes) return true;
      if (holder !== wanting) holder.giveUp(holding);
    }
    return this.#usedBytes + bytes <= this.#limitBytes;
  }

  /** Reserves the octets of a holding until it is released. The caller has made room earlier. */
  hold<H extends Holding>(holding: H, holder: Holder<H>): void {
    this.#usedBytes += holding.bytes;
    this.#holdings.set(holding, holder as unknown as Holder<Holding>);
  }

  /** Records that the holding made progress. */
  touch(holding: Holding): void {
    const holder = this.#holdings.get(holding);
    if (!holder) return;
    this.#holdings.delete(holding);
    this.#holdings.set(holding, holder);
  }

  release(holding: Holding): void {
    if (this.#holdings.delete(holding)) this.#usedBytes -= holding.bytes;
  }

  /** Reclaims holdings that are idle, for example of a writer that stopped in the middle of a sample. */
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
