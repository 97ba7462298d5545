/** A table with a maximum size that evicts the least recently used entry. */
export class BoundedTable<Entry> {
  readonly #maxEntries: number;
  /** In order of use. */
  readonly #entries = new Map<string, Entry>();
  /** Iterator before the oldest entry: a new iterator would have to skip all deleted entries. */
  #oldest = this.#entries.keys();
  #evicted = 0;

  constructor(maxEntries: number) {
    this.#maxEntries = maxEntries;
  }

  get size(): number {
    return this.#entries.size;
  }

  /** Number of evicted entries. */
  get evicted(): number {
    return this.#evicted;
  }

  get(key: string): Entry | undefined {
    const entry = this.#entries.get(key);
    if (entry === undefined) return undefined;
    this.#entries.delete(key);
    this.#entries.set(key, entry);
    return entry;
  }

  set(key: string, entry: Entry): void {
    this.#entries.delete(key);
    if (this.#entries.size >= this.#maxEntries) this.#evict();
    this.#entries.set(key, entry);
  }

  delete(key: string): void {
    this.#entries.delete(key);
  }

  /** Returns the entries, least recently used first. Iterating does not count as use. */
  entries(): IterableIterator<[string, Entry]> {
    return this.#entries.entries();
  }

  #evict(): void {
    let next = this.#oldest.next();
    if (next.done) {
      this.#oldest = this.#entries.keys();
      next = this.#oldest.next();
    }
    if (next.done || !this.#entries.delete(next.value)) return;
    this.#evicted += 1;
  }
}
