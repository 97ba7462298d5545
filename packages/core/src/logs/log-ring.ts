import type { LogEntry } from './log-entry.ts';

/** Approximate size of an entry without its texts: two objects, a 64-bit integer, the headers of its strings. */
const ENTRY_OCTETS = 256;
/** Bytes per character, at most. */
const CHARACTER_OCTETS = 2;

/** The last entries of one logger, at most `capacity`. */
export class LogRing {
  readonly #capacity: number;
  /** The source that first logged under this logger name. */
  readonly source: string | undefined;
  /** A circular buffer that grows until it reaches its capacity. */
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

  /** Approximate memory of its entries in bytes, rather too high than too low. */
  get octets(): number {
    return this.#octets;
  }

  get oldest(): LogEntry | undefined {
    return this.#slots[this.#start];
  }

  /** Sequence number of the newest entry; 0 if it is empty. */
  get newest(): number {
    return this.#slots[(this.#start + this.#length - 1) % this.#capacity]?.sequence ?? 0;
  }

  /** Adds an entry. If the ring is full, drops the oldest one. */
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

  /** Calls `visit` with every entry, oldest first. */
  forEach(visit: (entry: LogEntry) => void): void {
    for (let at = 0; at < this.#length; at++) {
      const entry = this.#slots[(this.#start + at) % this.#capacity];
      if (entry) visit(entry);
    }
  }
}

/** Returns the approximate memory that an entry takes, in bytes. */
function octetsOf({ logger, message, function: from = '', file = '' }: LogEntry): number {
  return ENTRY_OCTETS + CHARACTER_OCTETS * (logger.length + message.length + from.length + file.length);
}
