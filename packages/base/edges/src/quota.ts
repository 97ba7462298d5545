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
 * Bounds a collection that clients, nodes, peers, brokers or PLCs fill. The collection has a capacity, and one owner
 * may hold at most half of what the other owners left of it (rounded up). So an owner that fills the collection leaves
 * room for the next one; ten owners would have to cooperate to exhaust 1,000 places. Entries without an owner belong to
 * this gateway: they count, and only the capacity bounds them.
 */
export class Quota {
  /** Maximum entries of the collection. */
  readonly capacity: number;
  readonly #held = new Map<string, number>();
  /** The owners by number of entries, so that the largest owner is found without a search. */
  readonly #ownersWith = new Map<number, Set<string>>();
  #largest = 0;
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

  /** Returns the maximum entries that an owner may hold now. */
  shareOf(owner: string | undefined): number {
    if (owner === undefined) return this.capacity;
    return Math.ceil(Math.max(0, this.capacity - this.#total + this.heldBy(owner)) / 2);
  }

  /** Whether the quota would refuse an owner now: the collection is full, or the largest owner holds its share. */
  get isRefusing(): boolean {
    const largest = this.largestOwner();
    return this.isFull || (largest !== undefined && !this.admits(largest));
  }

  /** Returns whether an owner may add an entry. */
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

  /** Counts existing entries, such as those read from disk. */
  add(owner: string | undefined, entries = 1): void {
    this.#total += entries;
    if (owner !== undefined) this.#setHeld(owner, this.heldBy(owner) + entries);
  }

  /** Removes entries of an owner. */
  release(owner: string | undefined, entries = 1): void {
    this.#total -= entries;
    if (owner !== undefined) this.#setHeld(owner, Math.max(0, this.heldBy(owner) - entries));
  }

  /** Removes all entries; the count of refusals stays. */
  clear(): void {
    this.#held.clear();
    this.#ownersWith.clear();
    this.#largest = 0;
    this.#total = 0;
  }

  /** Counts an entry that was refused or removed for a reason other than `take`. */
  refuse(): void {
    this.#refused += 1;
  }

  /** Returns the owner with the most entries, from which a full cache evicts one. */
  largestOwner(): string | undefined {
    return this.#ownersWith.get(this.#largest)?.values().next().value;
  }

  figures(): QuotaFigures {
    return {
      held: this.#total,
      capacity: this.capacity,
      owners: this.#held.size,
      largest: this.#largest,
      refused: this.#refused,
    };
  }

  /**
   * Returns the counts of the fullest of several quotas with one capacity, such as one for each service, and the sum of
   * their refusals. Pass `refused` to include refusals of quotas that no longer exist.
   */
  static fullest(quotas: Iterable<Quota>, capacity: number, refused?: number): QuotaFigures {
    let fullest = new Quota(capacity);
    let sum = 0;
    for (const quota of quotas) {
      sum += quota.#refused;
      if (quota.total > fullest.total) fullest = quota;
    }
    return { ...fullest.figures(), refused: refused ?? sum };
  }

  #setHeld(owner: string, held: number): void {
    const before = this.heldBy(owner);
    if (before === held) return;
    const left = this.#ownersWith.get(before);
    left?.delete(owner);
    if (left?.size === 0) this.#ownersWith.delete(before);
    if (held === 0) this.#held.delete(owner);
    else {
      this.#held.set(owner, held);
      const those = this.#ownersWith.get(held);
      if (those) those.add(owner);
      else this.#ownersWith.set(held, new Set([owner]));
    }
    if (held > this.#largest) this.#largest = held;
    else if (before === this.#largest && !this.#ownersWith.has(before)) {
      this.#largest = 0;
      for (const most of this.#ownersWith.keys()) if (most > this.#largest) this.#largest = most;
    }
  }
}

/**
 * Selects at most `capacity` items. Each owner gets its share first, as with `Quota`; places that are still free go to the
 * earliest of the other items. For items without an owner, only the capacity counts.
 */
export function selectFairly<Item>(
  items: readonly Item[],
  capacity: number,
  ownerOf: (item: Item) => string | undefined,
): readonly Item[] {
  if (items.length <= capacity) return items;
  const quota = new Quota(capacity);
  const { within = [], beyond = [] } = Object.groupBy(items, (item) =>
    quota.take(ownerOf(item)) ? 'within' : 'beyond',
  );
  return [...within, ...beyond].slice(0, capacity);
}
