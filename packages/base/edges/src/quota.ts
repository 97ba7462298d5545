/** Counts of one bounded collection, as `/health` shows them. */
export interface QuotaFigures {
  /** Entries that the collection holds now. */
  readonly held: number;
  readonly capacity: number;
  /** Owners that hold at least one entry. */
  readonly owners: number;
  /** Entries of the owner that holds the most. */
  readonly largest: number;
  /** Entries that were refused, or removed to make room, since the start. */
  readonly refused: number;
  /** Set if the collection removes an old entry instead of refusing a new one. */
  readonly evicts?: true;
}

/**
 * Bounds a collection that clients, nodes, peers, brokers or PLCs fill. The collection has a capacity, and one owner may hold
 * at most half of what the other owners left of it (rounded up). So an owner that fills the collection leaves room for the
 * next one, and ten owners have to work together to exhaust 1,000 places. Entries without an owner are this gateway's: they
 * count, and only the capacity bounds them.
 */
export class Quota {
  /** Entries that the collection may hold. */
  readonly capacity: number;
  readonly #held = new Map<string, number>();
  #total = 0;
  #refused = 0;

  constructor(capacity: number) {
    this.capacity = capacity;
  }

  get total(): number {
    return this.#total;
  }

  get isFull(): boolean {
    return this.#total >= this.capacity;
  }

  heldBy(owner: string): number {
    return this.#held.get(owner) ?? 0;
  }

  /** The most that an owner may hold at this moment. */
  shareOf(owner: string | undefined): number {
    if (owner === undefined) return this.capacity;
    return Math.ceil(Math.max(0, this.capacity - this.#total + this.heldBy(owner)) / 2);
  }

  /** Whether an owner is refused now: the collection is full, or the largest owner holds its share. */
  get isRefusing(): boolean {
    const largest = this.largestOwner();
    return this.isFull || (largest !== undefined && !this.admits(largest));
  }

  /** Whether an owner may add an entry. */
  admits(owner: string | undefined): boolean {
    return !this.isFull && (owner === undefined || this.heldBy(owner) < this.shareOf(owner));
  }

  /** Adds an entry if the owner may; counts the refusal otherwise. Returns whether it was added. */
  take(owner: string | undefined): boolean {
    if (this.admits(owner)) this.add(owner);
    else {
      this.#refused += 1;
      return false;
    }
    return true;
  }

  /** Counts an entry that exists already, such as one that was read from disk. */
  add(owner: string | undefined): void {
    this.#total += 1;
    if (owner !== undefined) this.#held.set(owner, this.heldBy(owner) + 1);
  }

  /** Removes an entry of an owner. */
  release(owner: string | undefined): void {
    this.#total -= 1;
    if (owner === undefined) return;
    const left = this.heldBy(owner) - 1;
    if (left > 0) this.#held.set(owner, left);
    else this.#held.delete(owner);
  }

  /** Counts anew, for a collection that is small or seldom changes: `owners` has the owner of each entry. */
  recount(owners: Iterable<string | undefined>): void {
    this.#held.clear();
    this.#total = 0;
    for (const owner of owners) this.add(owner);
  }

  /** Counts an entry that was refused or removed for another reason than `take`. */
  refuse(): void {
    this.#refused += 1;
  }

  /** The owner that holds the most entries, from which a full cache removes one. */
  largestOwner(): string | undefined {
    let largest: string | undefined;
    for (const [owner, held] of this.#held) {
      if (largest === undefined || held > this.heldBy(largest)) largest = owner;
    }
    return largest;
  }

  figures(): QuotaFigures {
    const largest = this.largestOwner();
    return {
      held: this.#total,
      capacity: this.capacity,
      owners: this.#held.size,
      largest: largest === undefined ? 0 : this.heldBy(largest),
      refused: this.#refused,
    };
  }
}
