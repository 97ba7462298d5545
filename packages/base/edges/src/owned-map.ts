import { Quota, type QuotaFigures } from './quota.ts';

/**
 * A map that counts its entries by owner in a quota on every change, so that counting never walks all entries.
 * `ownerOf` returns the owner when an entry is set. A collection that refuses new entries asks `quota`; one that evicts
 * old entries uses `keep`.
 */
export class OwnedMap<K, V> extends Map<K, V> {
  readonly quota: Quota;
  readonly #ownerOf: (value: V, key: K) => string | undefined;
  readonly #owners = new Map<K, string | undefined>();
  /** The keys of each owner, oldest first. */
  readonly #keys = new Map<string | undefined, Set<K>>();

  constructor(capacity: number, ownerOf: (value: V, key: K) => string | undefined) {
    super();
    this.quota = new Quota(capacity);
    this.#ownerOf = ownerOf;
  }

  override set(key: K, value: V): this {
    const owner = this.#ownerOf(value, key);
    if (!this.has(key) || this.#owners.get(key) !== owner) {
      this.#forget(key);
      this.#owners.set(key, owner);
      const keys = this.#keys.get(owner);
      if (keys) keys.add(key);
      else this.#keys.set(owner, new Set([key]));
      this.quota.add(owner);
    }
    return super.set(key, value);
  }

  /**
   * Sets an entry as the newest one. If the map is full, removes and returns the oldest entry of the owner with the
   * most entries, so that smaller owners lose nothing.
   */
  keep(key: K, value: V): readonly [key: K, value: V] | undefined {
    this.delete(key);
    const removed = this.quota.isFull ? this.oldestOfLargest() : undefined;
    if (removed) {
      this.delete(removed[0]);
      this.quota.refuse();
    }
    this.set(key, value);
    return removed;
  }

  override delete(key: K): boolean {
    this.#forget(key);
    return super.delete(key);
  }

  override clear(): void {
    super.clear();
    this.#owners.clear();
    this.#keys.clear();
    this.quota.clear();
  }

  /** Returns the owners with their numbers of entries. */
  owners(): readonly (readonly [owner: string | undefined, entries: number])[] {
    return Array.from(this.#keys, ([owner, keys]) => [owner, keys.size] as const);
  }

  /** Returns the values of an owner, oldest first. */
  valuesOf(owner: string | undefined): readonly V[] {
    return Array.from(this.#keys.get(owner) ?? [], (key) => this.get(key) as V);
  }

  /** Returns the counts of a map that evicts old entries. */
  figures(): QuotaFigures {
    return { ...this.quota.figures(), evicts: true };
  }

  /** The entry that a full map removes for a new one. */
  oldestOfLargest(): readonly [key: K, value: V] | undefined {
    const unowned = this.#keys.get(undefined);
    const largest = this.quota.largestOwner();
    const keys =
      largest === undefined || (unowned?.size ?? 0) > this.quota.heldBy(largest) ? unowned : this.#keys.get(largest);
    for (const key of keys ?? []) return [key, this.get(key) as V];
    return undefined;
  }

  #forget(key: K): void {
    if (!this.has(key)) return;
    const owner = this.#owners.get(key);
    this.#owners.delete(key);
    const keys = this.#keys.get(owner);
    keys?.delete(key);
    if (keys?.size === 0) this.#keys.delete(owner);
    this.quota.release(owner);
  }
}
