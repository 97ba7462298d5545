import type { Migrations } from './migrations/migration.ts';

export type AuditOwner = 'principal' | 'source';

/** Maximum records of an audit log; 0 means unlimited. */
export interface AuditLimits {
  readonly maxRecords: number;
  /** Separate limits for these transitions, which do not count towards `maxRecords`. */
  readonly maxOf?: Readonly<Record<string, number>>;
  /**
   * Owners of the records of these transitions: their source, or the principal in their JSON description. If a
   * transition has too many records, the owner with the most records loses its oldest.
   */
  readonly ownerOf?: Readonly<Record<string, AuditOwner>>;
}

/** Options to open a database: plain data, because another thread opens it. */
export interface EngineOptions {
  readonly path: string;
  /** Tables of the store's users, by owner (default: none). */
  readonly migrations?: Migrations;
  /** Maximum stored events. The oldest are removed, a hundredth at a time (default 10,000). */
  readonly maxEvents?: number;
  /** Limits of the audit log; without them, the store has none. */
  readonly audit?: AuditLimits;
  /** Maximum size of the database in bytes (default: unlimited). */
  readonly maxBytes?: number;
  /** Bytes of disk space reserved for when the disk is full (default: none). */
  readonly reserveBytes?: number;
  /** How long to wait while another process locks the file (default 5 s). */
  readonly busyTimeoutMs?: number;
}

export const DEFAULT_MAX_EVENTS = 10_000;
export const DEFAULT_BUSY_TIMEOUT_MS = 5000;
