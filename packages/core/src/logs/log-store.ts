import { Quota } from '@medkit/edges';
import { arrivalNs, type LogEntry, type LogRecord } from './log-entry.ts';
import { applyLimit, entryFilter, type LogQuery } from './log-query.ts';
import { LogRing } from './log-ring.ts';
import { loggerKey } from './logger-names.ts';
import { truncateRecord } from './record-bounds.ts';

/** Maximum number of loggers, per entry stored of each logger. */
export const LOGGERS_PER_ENTRY = 10;
/** A logger may be dropped for a new one if this many entries of others came after its last one. */
const SILENT_ENTRIES = 10_000;
/** Maximum memory of all entries: about 50,000 lines of usual length. */
const MAX_OCTETS = 33_554_432;

export interface LogStoreOptions {
  /** `logs.buffer_size`: entries stored per logger, 1 or more. */
  readonly entriesPerLogger: number;
  /** Maximum memory of all entries in bytes (default 32 MiB). */
  readonly maxOctets?: number;
  /** Called once, with the first logger that was refused. */
  readonly onFull: (logger: string, limit: number) => void;
  /** Numbering shared with other stores. If absent, the store numbers its entries separately. */
  readonly numbering?: LogNumbering;
}

/** Sequence numbers of entries; several stores may share one numbering. */
export interface LogNumbering {
  /** The last number assigned; 0 before the first. */
  last: number;
}

/** Counters of a store. */
export interface LogFigures {
  readonly entries: number;
  readonly loggers: number;
  readonly octets: number;
  /** Records stored so far, including those evicted since. */
  readonly added: number;
  /** Records refused because the maximum number of loggers was reached. */
  readonly refused: number;
  /** Records that were truncated. */
  readonly truncated: number;
  /** Entries evicted to make room for other loggers. */
  readonly evicted: number;
}

/**
 * The newest entries of every logger, each in a separate ring, so that a chatty logger cannot evict entries of others.
 * Limits the number of loggers, the length of records, and the total memory.
 */
export class LogStore {
  readonly #options: LogStoreOptions;
  readonly #maxOctets: number;
  readonly #maxLoggers: number;
  /** Limits the number of loggers per source. */
  readonly quota: Quota;
  /** By logger key, in the order of the loggers' newest entries. */
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
   * Stores a record of a source, such as a process, truncating it if it is too long. Returns `undefined` if the store
   * has no room for another logger, or the source has reached its share.
   */
  add(input: LogRecord, source?: string): LogEntry | undefined {
    const record = truncateRecord(input);
    const key = loggerKey(record.logger);
    const ring = this.#ringOf(key, source);
    if (!ring) {
      if (this.#refused++ === 0) this.#options.onFull(key, this.#maxLoggers);
      return undefined;
    }
    if (record !== input) this.#truncated++;
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

  /** Returns the entries that match the query, of loggers whose key passes `isWanted`, in order of arrival. */
  select(isWanted: (key: string) => boolean, query: LogQuery): readonly LogEntry[] {
    const fits = entryFilter(query, this.#numbering.last);
    const context = loggerKey(query.context);
    let found: LogEntry[] = [];
    for (const [key, ring] of this.#rings) {
      if (!key.includes(context) || !isWanted(key)) continue;
      ring.forEach((entry) => {
        if (fits(entry)) found.push(entry);
      });
      if (found.length > 2 * query.limit) found = applyLimit(found, query);
    }
    return applyLimit(found, query);
  }

  /**
   * Returns when the oldest stored entry of the loggers whose key passes `isWanted` arrived, or `undefined` if there is
   * none.
   */
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
   * Drops the logger that has been silent longest, if it has been silent long enough: of all loggers if the store is
   * full, otherwise of the source. Some nodes get a new name with every start; their old names must not block new
   * loggers.
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

  /**
   * Evicts the oldest entries: of the writing logger if it exceeds its share, otherwise of the logger that has been
   * silent longest.
   */
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
