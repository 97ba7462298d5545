/** A table with room for so many: for one more goes the one that was not looked at for the longest. */
export class BoundedTable<Entry> {
  readonly #maxEntries: number;
  /** In the order in which they were looked at. */
  readonly #entries = new Map<string, Entry>();
  /** Stands before the first of them: to look for that from the start would be to step over all that have gone. */
  #oldest = this.#entries.keys();
  #evicted = 0;

  constructor(maxEntries: number) {
    this.#maxEntries = maxEntries;
  }

  get size(): number {
    return this.#entries.size;
  }

  /** How many had to go so far. */
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

  /** The longest not looked at first. To walk through them is not to look at them. */
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
