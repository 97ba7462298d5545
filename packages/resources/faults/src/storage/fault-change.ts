import type { Fault } from '@medkit/core';
import type { AuditRecord, Statement } from '@medkit/store';
import type { NearMiss } from '../near-misses/near-miss.ts';
import type { Occurrence } from '../occurrences/occurrence.ts';
import type { CaptureIntent } from './capture-intent.ts';
import type { NewFaultEvent } from './fault-event.ts';
import type { PendingCapture } from './pending-capture.ts';

/** Everything that one report, clear or tick changes. It is on disk as a whole or not at all. */
export interface FaultChange {
  readonly faults: readonly Fault[];
  readonly nearMisses?: readonly NearMiss[];
  /** As they stand; one of the same number takes its place. */
  readonly occurrences?: readonly Omit<Occurrence, 'missing'>[];
  /** Captures that begin, whoever makes them. */
  readonly captures?: readonly CaptureIntent[];
  /** What is kept of those until they are done. */
  readonly pending?: readonly PendingCapture[];
  /** Numbers of captures that come to nothing: nothing is kept of them any more. */
  readonly withoutPending?: readonly number[];
  /** Rows of what was captured or recorded, by those who did. */
  readonly evidence?: readonly Statement[];
  readonly events?: readonly NewFaultEvent[];
  readonly audit?: readonly AuditRecord[];
  /** Codes whose snapshots go, with what was still to be captured of them. */
  readonly withoutSnapshots?: readonly string[];
  /** Codes of which nothing stays. */
  readonly forgotten?: readonly string[];
}

/** Several changes as one. */
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
    withoutSnapshots: changes.flatMap(({ withoutSnapshots = [] }) => withoutSnapshots),
    forgotten: changes.flatMap(({ forgotten = [] }) => forgotten),
  };
}
