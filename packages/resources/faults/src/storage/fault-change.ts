import type { Fault } from '@medkit/core';
import type { AuditRecord, Statement } from '@medkit/store';
import type { NearMiss } from '../near-misses/near-miss.ts';
import type { Occurrence } from '../occurrences/occurrence.ts';
import type { ReportRun } from '../report-log/report-run.ts';
import type { CaptureIntent } from './capture-intent.ts';
import type { NewFaultEvent } from './fault-event.ts';
import type { PendingCapture } from './pending-capture.ts';

/** All changes of one report, clear or tick, written in one transaction. */
export interface FaultChange {
  readonly faults: readonly Fault[];
  readonly nearMisses?: readonly NearMiss[];
  /** An occurrence replaces the stored one with the same number. */
  readonly occurrences?: readonly Omit<Occurrence, 'missing'>[];
  /** Captures to begin. */
  readonly captures?: readonly CaptureIntent[];
  /** Stored state of these captures until they are complete. */
  readonly pending?: readonly PendingCapture[];
  /** Numbers of abandoned captures, to be removed. */
  readonly withoutPending?: readonly number[];
  /** Rows of captured or recorded evidence. */
  readonly evidence?: readonly Statement[];
  readonly events?: readonly NewFaultEvent[];
  readonly audit?: readonly AuditRecord[];
  /** Rows of the report log; a row replaces the stored one with the same id. */
  readonly reports?: readonly ReportRun[];
  /** Codes whose snapshots and pending captures are removed. */
  readonly withoutSnapshots?: readonly string[];
  /** Codes that are removed completely. */
  readonly forgotten?: readonly string[];
}

/** Combines several changes into one. */
export function combineChanges(changes: readonly FaultChange[]): FaultChange {
  return {
    faults: changes.flatMap(({ faults }) => faults),
    nearMisses: changes.flatMap(({ nearMisses = [] }) => nearMisses),
    occurrences: changes.flatMap(({ occurrences = [] }) => occurrences),
    captures: changes.flatMap(({ captures = [] }) => captures),
    pending: changes.flatMap(({ pending = [] }) => pending),
    withoutPending: changes.flatMap(({ withoutPending = [] }) => withoutPending),
    evidence: changes.flatMap(({ evidence = [] }) => evidence),
    events: changes.flatMap(({ events = [] }) => events),
    audit: changes.flatMap(({ audit = [] }) => audit),
    reports: changes.flatMap(({ reports = [] }) => reports),
    withoutSnapshots: changes.flatMap(({ withoutSnapshots = [] }) => withoutSnapshots),
    forgotten: changes.flatMap(({ forgotten = [] }) => forgotten),
  };
}
