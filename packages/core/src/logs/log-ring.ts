import type { LogEntry } from './log-entry.ts';

/** What an entry weighs besides its texts: two objects, a 64-bit integer, the heads of its strings. */
const ENTRY_OCTETS = 256;
/** Octets of a character, at worst. */
const CHARACTER_OCTETS = 2;

/** The last entries of one logger, at most `capacity`. */
export class LogRing {
  readonly #capacity: number;
  /** Who logged first under the name of the logger. */
  readonly source: string | undefined;
  /** Filled once from the front, then in a circle. */
  readonly #slots: (LogEntry | undefined)[] = [];
  #start = 0;
  #length = 0;
  #octets = 0;

  constructor(capacity: number, source?: string) {
    this.#capacity = capacity;
    this.source = source;
  }

  get length(): number {
    return this.#length;
  }

  /** Memory that its entries take, about; rather more than less. */
  get octets(): number {
    return this.#octets;
  }

  get oldest(): LogEntry | undefined {
    return this.#slots[this.#start];
  }

  /** Number of its last entry, 0 where there is none. */
  get newest(): number {
    return this.#slots[(this.#start + this.#length - 1) % this.#capacity]?.sequence ?? 0;
  }

  /** Adds an entry, in place of the oldest where it is full. */
  push(entry: LogEntry): void {
    if (this.#length === this.#capacity) this.dropOldest();
    this.#slots[(this.#start + this.#length) % this.#capacity] = entry;
    this.#length++;
    this.#octets += octetsOf(entry);
  }

  dropOldest(): void {
    const oldest = this.#slots[this.#start];
    if (!oldest) return;
    this.#slots[this.#start] = undefined;
    this.#start = (this.#start + 1) % this.#capacity;
    this.#length--;
    this.#octets -= octetsOf(oldest);
  }

  /** Calls `visit` with every entry, the oldest first. */
  forEach(visit: (entry: LogEntry) => void): void {
    for (let at = 0; at < this.#length; at++) {
      const entry = this.#slots[(this.#start + at) % this.#capacity];
      if (entry) visit(entry);
    }
  }
}

/** Memory that an entry takes, about. */
export function octetsOf({ logger, message, function: from = '', file = '' }: LogEntry): number {
  return ENTRY_OCTETS + CHARACTER_OCTETS * (logger.length + message.length + from.length + file.length);
}
