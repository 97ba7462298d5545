import type { Migrations } from '../migrations/migration.ts';

export type AuditOwner = 'principal' | 'source';

/** How many records of an audit log are kept; 0 is all of them. */
export interface AuditLimits {
  readonly maxRecords: number;
  /** Of these transitions, which do not count for `maxRecords`. */
  readonly maxOf?: Readonly<Record<string, number>>;
  /**
   * Owners of the records of these transitions: their source, or the principal that their description names as JSON. If there are
   * too many records of a transition, the oldest of the owner that has the most are removed.
   */
  readonly ownerOf?: Readonly<Record<string, AuditOwner>>;
}

/** What a database is opened with: plain data, since it is opened in another thread. */
export interface EngineOptions {
  readonly path: string;
  /** Tables of those who use the store, by owner (default: none). */
  readonly migrations?: Migrations;
  /** Events that are kept at most; the oldest go, a hundredth at a time (default 10,000). */
  readonly maxEvents?: number;
  /** Keeps an audit log (default: none). */
  readonly audit?: AuditLimits;
  /** Octets that the database may grow to (default: as much as there is room for). */
  readonly maxBytes?: number;
  /** Octets of the disk that are kept free for the time when it is full (default: none). */
  readonly reserveBytes?: number;
  /** How long to wait for another process that holds the file (default 5 s). */
  readonly busyTimeoutMs?: number;
}

export const DEFAULT_MAX_EVENTS = 10_000;
export const DEFAULT_BUSY_TIMEOUT_MS = 5000;
