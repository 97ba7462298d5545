/** Bounds of a queue. */
export interface QueueBounds {
  readonly entries: number;
  /** Total characters of all texts. */
  readonly characters: number;
}

/** Entries waiting to be forwarded. A full queue drops the oldest, because the newest describe the current problem. */
export class BatchQueue<Entry> {
  readonly #bounds: QueueBounds;
  readonly #charactersOf: (entry: Entry) => number;
  /** The first `#taken` entries are already removed. */
  #entries: Entry[] = [];
  #taken = 0;
  #characters = 0;
  #dropped = 0;

  constructor(bounds: QueueBounds, charactersOf: (entry: Entry) => number) {
    this.#bounds = bounds;
    this.#charactersOf = charactersOf;
  }

  get length(): number {
    return this.#entries.length - this.#taken;
  }

  get characters(): number {
    return this.#characters;
  }

  /** Number of dropped entries. */
  get dropped(): number {
    return this.#dropped;
  }

  push(entry: Entry): void {
    this.#entries.push(entry);
    this.#characters += this.#charactersOf(entry);
    while (this.length > this.#bounds.entries || (this.#characters > this.#bounds.characters && this.length > 1)) {
      this.#shift();
      this.#dropped++;
    }
  }

  /** Removes and returns the oldest entries, within `bounds`, but at least one if there is any. */
  take({ entries, characters }: QueueBounds): Entry[] {
    const taken: Entry[] = [];
    let remaining = characters;
    while (this.length > 0 && taken.length < entries) {
      const next = this.#entries[this.#taken] as Entry;
      remaining -= this.#charactersOf(next);
      if (remaining < 0 && taken.length > 0) break;
      taken.push(next);
      this.#shift();
    }
    return taken;
  }

  #shift(): void {
    this.#characters -= this.#charactersOf(this.#entries[this.#taken] as Entry);
    this.#taken++;
    // Compacts the array when half of it is unused: one copy per removed entry on average.
    if (this.#taken * 2 < this.#entries.length) return;
    this.#entries = this.#entries.slice(this.#taken);
    this.#taken = 0;
  }
}
