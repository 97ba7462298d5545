import { Quota } from '@medkit/edges';
import { arrivalNs, type LogEntry, type LogRecord } from './log-entry.ts';
import { cutToLimit, entryTest, type LogQuery } from './log-query.ts';
import { LogRing } from './log-ring.ts';
import { loggerKey } from './logger-names.ts';
import { withinBounds } from './record-bounds.ts';

/** Loggers that are kept, for each entry that is kept of one. */
export const LOGGERS_PER_ENTRY = 10;
/** A logger may be forgotten for a new one once so many entries of others came after its last. */
const SILENT_ENTRIES = 10_000;
/** All entries together: 50,000 lines of usual length. */
const MAX_OCTETS = 33_554_432;

export interface LogStoreOptions {
  /** `logs.buffer_size`: entries that are kept of each logger, 1 or more. */
  readonly entriesPerLogger: number;
  /** Memory that all entries may take together (default 32 MiB). */
  readonly maxOctets?: number;
  /** Called once, with the first logger that there was no room for. */
  readonly onFull: (logger: string, limit: number) => void;
  /** Where its entries have their numbers from; from a numbering of its own unless given. */
  readonly numbering?: LogNumbering;
}

/** The numbers of entries, which several stores may share. */
export interface LogNumbering {
  /** The last one that was given, 0 before the first. */
  last: number;
}

/** What came into a store and what became of it. */
export interface LogFigures {
  readonly entries: number;
  readonly loggers: number;
  readonly octets: number;
  /** Records that were kept, also those that made room since. */
  readonly added: number;
  /** Records of loggers that there was no room for. */
  readonly refused: number;
  /** Records that were shortened. */
  readonly truncated: number;
  /** Entries that made room for those of other loggers. */
  readonly evicted: number;
}

/**
 * The last entries of every logger, each in a ring of its own, so that a talkative one drives out nobody else's. Loggers,
 * lengths and the memory of all are bounded.
 */
export class LogStore {
  readonly #options: LogStoreOptions;
  readonly #maxOctets: number;
  readonly #maxLoggers: number;
  /** Bounds the loggers by who logs under their names. */
  readonly quota: Quota;
  /** By the key of the logger, in the order of their last entries. */
  readonly #rings = new Map<string, LogRing>();
  readonly #numbering: LogNumbering;
  #octets = 0;
  #added = 0;
  #refused = 0;
  #truncated = 0;
  #evicted = 0;

  constructor(options: LogStoreOptions) {
    this.#options = options;
    this.#maxOctets = options.maxOctets ?? MAX_OCTETS;
    this.#maxLoggers = LOGGERS_PER_ENTRY * options.entriesPerLogger;
    this.quota = new Quota(this.#maxLoggers);
    this.#numbering = options.numbering ?? { last: 0 };
  }

  /**
   * Keeps a record of a source, such as a process, shortened where it is too long; `undefined` where there is no room for another
   * logger, or the source has as many as it may.
   */
  add(given: LogRecord, source?: string): LogEntry | undefined {
    const record = withinBounds(given);
    const key = loggerKey(record.logger);
    const ring = this.#ringOf(key, source);
    if (!ring) {
      if (this.#refused++ === 0) this.#options.onFull(key, this.#maxLoggers);
      return undefined;
    }
    if (record !== given) this.#truncated++;
    const entry: LogEntry = { ...record, sequence: ++this.#numbering.last };
    this.#added++;
    const before = ring.octets;
    ring.push(entry);
    this.#octets += ring.octets - before;
    this.#rings.delete(key);
    this.#rings.set(key, ring);
    if (this.#octets > this.#maxOctets) this.#makeRoom(ring);
    return entry;
  }

  /** The entries that a query asks for of the loggers whose key passes, in the order they came. */
  select(isWanted: (key: string) => boolean, query: LogQuery): readonly LogEntry[] {
    const fits = entryTest(query, this.#numbering.last);
    const context = loggerKey(query.context);
    let found: LogEntry[] = [];
    for (const [key, ring] of this.#rings) {
      if (!key.includes(context) || !isWanted(key)) continue;
      ring.forEach((entry) => {
        if (fits(entry)) found.push(entry);
      });
      if (found.length > 2 * query.limit) found = cutToLimit(found, query);
    }
    return cutToLimit(found, query);
  }

  /** When the oldest entry arrived that is kept of the loggers whose key passes; `undefined` where there is none. */
  oldestNs(isWanted: (key: string) => boolean): bigint | undefined {
    let oldest: LogEntry | undefined;
    for (const [key, ring] of this.#rings) {
      const first = isWanted(key) ? ring.oldest : undefined;
      if (first && (!oldest || first.sequence < oldest.sequence)) oldest = first;
    }
    return oldest && arrivalNs(oldest);
  }

  figures(): LogFigures {
    let entries = 0;
    for (const ring of this.#rings.values()) entries += ring.length;
    return {
      entries,
      loggers: this.#rings.size,
      octets: this.#octets,
      added: this.#added,
      refused: this.#refused,
      truncated: this.#truncated,
      evicted: this.#evicted,
    };
  }

  #ringOf(key: string, source: string | undefined): LogRing | undefined {
    const known = this.#rings.get(key);
    if (known) return known;
    if (!this.quota.admits(source)) this.#forgetSilent(source);
    if (!this.quota.take(source)) return undefined;
    const ring = new LogRing(this.#options.entriesPerLogger, source);
    this.#rings.set(key, ring);
    return ring;
  }

  /**
   * Forgets the logger that has been silent for longest, if that is long: of all if the store is full, else of the source. Some nodes
   * have another name with every start: those of long ago must not keep new ones out.
   */
  #forgetSilent(source: string | undefined): void {
    for (const [key, ring] of this.#rings) {
      if (ring.newest > this.#numbering.last - SILENT_ENTRIES) return;
      if (!this.quota.isFull && ring.source !== source) continue;
      this.#forget(key, ring);
      this.#octets -= ring.octets;
      this.#evicted += ring.length;
      return;
    }
  }

  /** A logger over its share gives up its own oldest entries; else the one that has been silent for longest does. */
  #makeRoom(writing: LogRing): void {
    for (const [key, silent] of this.#rings) {
      const overShare = writing.length > 1 && writing.octets > this.#maxOctets / this.#rings.size;
      this.#shrink(overShare ? writing : silent, overShare ? 1 : 0);
      if (silent.length === 0) this.#forget(key, silent);
      if (this.#octets <= this.#maxOctets) return;
    }
  }

  #forget(key: string, { source }: LogRing): void {
    if (this.#rings.delete(key)) this.quota.release(source);
  }

  #shrink(ring: LogRing, least: number): void {
    while (this.#octets > this.#maxOctets && ring.length > least) {
      const before = ring.octets;
      ring.dropOldest();
      this.#octets -= before - ring.octets;
      this.#evicted++;
    }
  }
}
