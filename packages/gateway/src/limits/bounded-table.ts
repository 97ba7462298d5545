/** A table with room for so many: for one more goes the one that was not looked at for the longest. */
export class BoundedTable<Entry> {
  readonly #maxEntries: number;
  /** In the order in which they were looked at. */
  readonly #entries = new Map<string, Entry>();
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
    if (this.#entries.size >= this.#maxEntries) {
      for (const oldest of this.#entries.keys()) {
        this.#entries.delete(oldest);
        break;
      }
      this.#evicted += 1;
    }
    this.#entries.set(key, entry);
  }

  delete(key: string): void {
    this.#entries.delete(key);
  }

  /** The longest not looked at first. To walk through them is not to look at them. */
  entries(): IterableIterator<[string, Entry]> {
    return this.#entries.entries();
  }
}
