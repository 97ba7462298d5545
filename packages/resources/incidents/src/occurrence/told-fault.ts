import type { FaultListItem } from '@medkit/contract';
import { type FaultSeverity, listedStatus, type Origin } from '@medkit/core';
import type { Occurrence } from './occurrence.ts';

/** A fault as a list or a stream has it, and what is known besides. */
export interface ToldFault {
  readonly item: FaultListItem;
  readonly origin: Origin;
  /** Of the event that confirmed it, in the log of its gateway. */
  readonly sequence?: number;
  /** By how much the clock of its gateway is ahead of the one here, milliseconds. */
  readonly aheadMs: number;
  readonly related: readonly string[];
}

const MS = 1000;

/** The occurrence in which a fault is; `undefined` for one that was never confirmed: that may still come to nothing. */
export function occurrenceOf({ item, origin, sequence, aheadMs, related }: ToldFault): Occurrence | undefined {
  const status = listedStatus(item);
  const isOpen = status !== 'HEALED' && status !== 'CLEARED';
  const startedMs = Number(item.first_occurred) * MS;
  if (!Number.isFinite(startedMs)) return undefined;
  if (item.confirmed_at === undefined && status !== 'CONFIRMED' && sequence === undefined) return undefined;
  const here = (seconds: number | null | undefined): number | undefined =>
    typeof seconds === 'number' ? seconds * MS - aheadMs : undefined;
  const reportedMs = here(item.last_occurred) ?? startedMs - aheadMs;
  const overMs = isOpen ? undefined : (here(item.healed_at) ?? here(item.cleared_at) ?? here(item.last_passed));
  const cause = item['x-medkit']?.symptom_of ?? item['x-medkit']?.muted;
  const clusterId = item['x-medkit']?.cluster?.cluster_id;
  const clearedMs = isOpen ? undefined : here(item.cleared_at);
  const healedMs = isOpen ? undefined : (here(item.healed_at) ?? (clearedMs === undefined ? overMs : undefined));
  return {
    origin,
    code: item.fault_code,
    number: Math.max(1, Math.trunc(Number(item.occurrence_count ?? 1))),
    ...(sequence !== undefined && { sequence }),
    description: String(item.description ?? ''),
    severity: Math.min(3, Math.max(0, Math.trunc(Number(item.severity) || 0))) as FaultSeverity,
    ...(item.entity_id && item.entity_type && { entity: { type: item.entity_type, id: item.entity_id } }),
    beganMs: startedMs - aheadMs,
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
    related: [...related].sort(),
  };
}
