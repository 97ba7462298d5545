import type { AuditKind, AuditOutcome } from '@medkit/contract';

/** A stored record of the audit log. */
export interface AuditEntry {
  readonly seq: number;
  /** Nanoseconds since the Unix epoch. */
  readonly occurredAtNs: bigint;
  readonly faultCode: string;
  readonly transition: string;
  readonly severity: number;
  readonly status: string;
  readonly sourceId: string;
  readonly description: string;
  readonly hash: string;
}

/** Fault code and transition of a request record. No fault uses this transition. */
export const REQUEST_CODE = '__request__';
export const REQUEST_TRANSITION = 'request';
/**
 * Transition of a request that was refused or came from an unauthenticated client. These records have a separate limit,
 * so that a flood of them removes no record of a change.
 */
export const MINOR_REQUEST_TRANSITION = 'request_minor';

/** Fault code and transition of a summary of refused requests and logins. */
export const ACCESS_CODE = '__access__';
export const ACCESS_TRANSITION = 'access';

/** Fault code and transition of a change that was made without this gateway, for example by a node or a command-line tool. */
export const OBSERVED_CODE = '__observed__';
export const OBSERVED_TRANSITION = 'observed';

/** Source of the record of a fault cleared through the gateway. No other change uses it. */
export const CLEARED_BY = 'clear_service';

/** The fault reporters that belong to an entity. */
export interface FaultSources {
  /** The names under which the entity and its members report faults. */
  readonly sources: readonly string[];
  /** Names of all reporters that are entities. Present if the entity also holds the faults of all other reporters. */
  readonly allButSources?: readonly string[];
}

/** A search of the audit log. Absent fields match every record. */
export interface AuditQuery {
  /** Maximum number of records. */
  readonly limit: number;
  /** Only records with a lower number. */
  readonly before?: number;
  readonly kind?: AuditKind;
  readonly entity?: FaultSources & {
    /** Entity id as it appears in requests. */
    readonly id: string;
  };
  readonly clientId?: string;
  readonly faultCode?: string;
  readonly collection?: string;
  readonly operationId?: string;
  readonly outcome?: AuditOutcome;
  readonly status?: string;
  /** Inclusive. */
  readonly sinceNs?: bigint;
  /** Exclusive. */
  readonly untilNs?: bigint;
}

/** Records after a given number, oldest first, and the range of the log. */
export interface AuditPage<Record> {
  readonly events: readonly Record[];
  /** Numbers of the first and last stored record, whether they match the search or not; 0 if the log is empty. */
  readonly oldestId: number;
  readonly newestId: number;
}

/** Result of verifying the audit log. */
export interface AuditWalk {
  readonly intact: boolean;
  readonly checked: number;
  readonly badSeq?: number;
  readonly problem?: string;
  /** The newest record; absent if the log is empty. */
  readonly head?: { readonly seq: number; readonly hash: string };
}

/** Storage of the audit log. Every call throws `SovdError`: `service-unavailable` if the disk fails. */
export interface AuditArchive {
  /** Returns the newest records first. */
  find(query: AuditQuery): Promise<readonly AuditEntry[]>;
  /** Returns records with a number above `after`, oldest first. */
  findAfter(after: number, query: AuditQuery): Promise<AuditPage<AuditEntry>>;
  walk(): Promise<AuditWalk>;
}
