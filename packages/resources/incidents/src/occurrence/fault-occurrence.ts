import type { FaultListItem } from '@medkit/contract';
import { type FaultSeverity, listedStatus, type Origin } from '@medkit/core';
import { isTime, type Occurrence } from './occurrence.ts';

/** A fault from a list or a stream, with further facts. */
export interface ReportedFault {
  readonly item: FaultListItem;
  readonly origin: Origin;
  /** Number of the confirming event in the log of its gateway. */
  readonly sequence?: number;
  /** How far the clock of its gateway is ahead of the local clock, milliseconds. */
  readonly aheadMs: number;
  readonly related: readonly string[];
}

const MS = 1000;

/** Returns the current occurrence of a fault; `undefined` if it was never confirmed. */
export function occurrenceOf({ item, origin, sequence, aheadMs, related }: ReportedFault): Occurrence | undefined {
  const status = listedStatus(item);
  const isOpen = status !== 'HEALED' && status !== 'CLEARED';
  const startedMs = Number(item.first_occurred) * MS;
  const beganMs = startedMs - aheadMs;
  if (!isTime(startedMs) || !isTime(beganMs)) return undefined;
  if (item.confirmed_at === undefined && status !== 'CONFIRMED' && sequence === undefined) return undefined;
  const localMs = (seconds: number | null | undefined): number | undefined => {
    const ms = typeof seconds === 'number' ? seconds * MS - aheadMs : Number.NaN;
    return isTime(ms) ? ms : undefined;
  };
  const reportedMs = localMs(item.last_occurred) ?? beganMs;
  const cause = item['x-medkit']?.symptom_of ?? item['x-medkit']?.muted;
  const clusterId = item['x-medkit']?.cluster?.cluster_id;
  const [clearedMs, healedAtMs] = isOpen ? [] : [localMs(item.cleared_at), localMs(item.healed_at)];
  // An occurrence that is over has an end, even if its time is not reported.
  const healedMs =
    isOpen || clearedMs !== undefined ? healedAtMs : (healedAtMs ?? localMs(item.last_passed) ?? reportedMs);
  return {
    origin,
    code: item.fault_code,
    number: Math.max(1, Math.trunc(Number(item.occurrence_count) || 1)),
    ...(sequence !== undefined && { sequence }),
    description: String(item.description ?? ''),
    severity: Math.min(3, Math.max(0, Math.trunc(Number(item.severity) || 0))) as FaultSeverity,
    ...(item.entity_id && item.entity_type && { entity: { type: item.entity_type, id: item.entity_id } }),
    beganMs,
    startedMs,
    reportedMs,
    ...(healedMs !== undefined && { healedMs }),
    ...(clearedMs !== undefined && { clearedMs }),
    ...(clearedMs !== undefined && item.cleared_by && { clearedBy: item.cleared_by }),
    ...(cause && {
      cause: { origin: cause.root_cause_origin ?? origin, code: cause.root_cause_code, ruleId: cause.rule_id },
    }),
    ...(clusterId !== undefined && clusterId !== null && { clusterId }),
    recordings: [],
    related: [...new Set(related)].sort(),
  };
}
