import { Quota, type QuotaFigures } from './quota.ts';

/**
 * A map that counts its entries by their owners in a quota with each change, so that no count walks all entries. An entry has
 * the owner that `ownerOf` names when it is set. A collection that refuses new entries asks `quota`; one that gives up old
 * entries uses `keep`.
 */
export class OwnedMap<K, V> extends Map<K, V> {
  readonly quota: Quota;
  readonly #ownerOf: (value: V, key: K) => string | undefined;
  readonly #owners = new Map<K, string | undefined>();
  /** The keys of each owner, the one that was set first at the beginning. */
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
   * Sets an entry as the newest one. A full map removes the oldest entry of the owner that has the most and returns it, so
   * entries of an owner with fewer stay.
   */
  keep(key: K, value: V): readonly [key: K, value: V] | undefined {
    this.delete(key);
    const removed = this.quota.isFull ? this.#oldestOfLargest() : undefined;
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

  /** The owners, each with how many entries it has. */
  owners(): readonly (readonly [owner: string | undefined, entries: number])[] {
    return Array.from(this.#keys, ([owner, keys]) => [owner, keys.size] as const);
  }

  /** The values of an owner, the one that was set first at the beginning. */
  valuesOf(owner: string | undefined): readonly V[] {
    return Array.from(this.#keys.get(owner) ?? [], (key) => this.get(key) as V);
  }

  /** Counts of a map that gives up old entries. */
  figures(): QuotaFigures {
    return { ...this.quota.figures(), evicts: true };
  }

  #oldestOfLargest(): readonly [key: K, value: V] | undefined {
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
