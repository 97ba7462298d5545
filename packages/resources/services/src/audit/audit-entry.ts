import type { AuditKind, AuditOutcome } from '@medkit/contract';

/** A record of the audit log as it is kept. */
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

/** What a record of a request has in the place of the code of a fault. No fault has such a transition. */
export const REQUEST_CODE = '__request__';
export const REQUEST_TRANSITION = 'request';
/**
 * Transition of a request that was refused, or that an unauthenticated client sent. These records have a limit of their own: a
 * flood of them removes no record of a change.
 */
export const MINOR_REQUEST_TRANSITION = 'request_minor';

/** The same of a summary of who was not let in. */
export const ACCESS_CODE = '__access__';
export const ACCESS_TRANSITION = 'access';

/** The same of what somebody changed past this gateway. */
export const OBSERVED_CODE = '__observed__';
export const OBSERVED_TRANSITION = 'observed';

/** Whoever puts a fault away through the gateway stands behind this word, and behind no other. */
export const CLEARED_BY = 'clear_service';

/** The sources whose faults are those of an entity. */
export interface FaultSources {
  /** What it and its members report faults as. */
  readonly sources: readonly string[];
  /** Present for an entity that holds the faults of sources that are no entity: all sources that are one. */
  readonly allButSources?: readonly string[];
}

/** What is looked for in the audit log; what is left out does not matter. */
export interface AuditQuery {
  /** At most so many. */
  readonly limit: number;
  /** Only records before this number. */
  readonly before?: number;
  readonly kind?: AuditKind;
  readonly entity?: FaultSources & {
    /** As requests name it. */
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

/** Records that follow a number of the log, the oldest first, and where the log begins and ends. */
export interface AuditPage<Record> {
  readonly events: readonly Record[];
  /** Of the first and of the last record that there is, whether it was looked for or not; 0 where there is none. */
  readonly oldestId: number;
  readonly newestId: number;
}

/** What a walk through the audit log found. */
export interface AuditWalk {
  readonly intact: boolean;
  readonly checked: number;
  readonly badSeq?: number;
  readonly problem?: string;
  /** The newest record; absent where there is none. */
  readonly head?: { readonly seq: number; readonly hash: string };
}

/** Where records of the audit log are looked up. Every call throws `SovdError`, `service-unavailable` where the disk fails. */
export interface AuditArchive {
  /** The newest first. */
  find(query: AuditQuery): Promise<readonly AuditEntry[]>;
  /** Those behind record `after`, the oldest first. */
  findAfter(after: number, query: AuditQuery): Promise<AuditPage<AuditEntry>>;
  walk(): Promise<AuditWalk>;
}
