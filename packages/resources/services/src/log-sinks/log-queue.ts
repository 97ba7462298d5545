import type { LogEntry } from '@medkit/core';

/** What a queue may hold. */
export interface QueueBounds {
  readonly entries: number;
  /** Characters of all texts together. */
  readonly characters: number;
}

/** Entries that wait to be forwarded. Where there is no room the oldest makes way: the newest tell of what is wrong now. */
export class LogQueue {
  readonly #bounds: QueueBounds;
  /** The first `#taken` are gone already. */
  #entries: LogEntry[] = [];
  #taken = 0;
  #characters = 0;
  #dropped = 0;

  constructor(bounds: QueueBounds) {
    this.#bounds = bounds;
  }

  get length(): number {
    return this.#entries.length - this.#taken;
  }

  get characters(): number {
    return this.#characters;
  }

  /** Entries that made way. */
  get dropped(): number {
    return this.#dropped;
  }

  push(entry: LogEntry): void {
    this.#entries.push(entry);
    this.#characters += charactersOf(entry);
    while (this.length > this.#bounds.entries || (this.#characters > this.#bounds.characters && this.length > 1)) {
      this.#shift();
      this.#dropped++;
    }
  }

  /** Takes the oldest entries, at least one where there is any and no more than `bounds` says. */
  take({ entries, characters }: QueueBounds): LogEntry[] {
    const taken: LogEntry[] = [];
    let left = characters;
    while (this.length > 0 && taken.length < entries) {
      const next = this.#entries[this.#taken] as LogEntry;
      left -= charactersOf(next);
      if (left < 0 && taken.length > 0) break;
      taken.push(next);
      this.#shift();
    }
    return taken;
  }

  #shift(): void {
    this.#characters -= charactersOf(this.#entries[this.#taken] as LogEntry);
    this.#taken++;
    // Half of the array is waste: copied once for every entry that it has lost.
    if (this.#taken * 2 < this.#entries.length) return;
    this.#entries = this.#entries.slice(this.#taken);
    this.#taken = 0;
  }
}

function charactersOf({ logger, message, function: from = '', file = '' }: LogEntry): number {
  return logger.length + message.length + from.length + file.length;
}
