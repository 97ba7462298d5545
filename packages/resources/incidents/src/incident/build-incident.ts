import { FAULT_SEVERITIES, type Incident, type IncidentState } from '@medkit/contract';
import { LOCAL, type Origin } from '@medkit/core';
import { type Group, rootOf } from '../grouping/group.ts';
import { endOf, faultKey, type Occurrence } from '../occurrence/occurrence.ts';
import { isMotionBlocked } from './blocked-motion.ts';
import type { ReviewState } from './incident-record.ts';

/** Formats milliseconds as `2026-03-23T02:14:33.125Z` */
export const isoTime = (ms: number): string => new Date(Math.round(ms)).toISOString();

export interface IncidentOptions {
  readonly id: string;
  readonly standing: ReviewState;
  /** Returns the name of the robot to which the faults of a gateway belong. */
  readonly robotOf: (origin: Origin) => string;
}

/** Builds the summary of a group of occurrences. */
export function buildIncident(group: Group, { id, standing, robotOf }: IncidentOptions): Incident {
  const occurrences = group.members.map(({ occurrence }) => occurrence);
  const root = rootOf(group);
  const severity = Math.max(...occurrences.map((occurrence) => occurrence.severity));
  const { state, healedMs, closed } = stateOf(occurrences, standing);
  const { acknowledged } = standing;
  const crossing = root.crossing ?? occurrences.find((occurrence) => occurrence.crossing)?.crossing;
  const blocks = isMotionBlocked(group);
  return {
    id,
    title: root.description || root.code,
    state,
    severity,
    severity_label: FAULT_SEVERITIES.labels[severity] ?? 'CRITICAL',
    robot: robotOf(root.origin),
    began: isoTime(occurrences[0]!.beganMs),
    ...(healedMs !== undefined && { healed_at: isoTime(healedMs) }),
    ...(closed && { closed_at: isoTime(closed.atMs), closed_by: closed.by }),
    ...(acknowledged && { acknowledged_at: isoTime(acknowledged.atMs), acknowledged_by: acknowledged.by }),
    root: root.code,
    ...(root.origin !== LOCAL && { root_origin: root.origin }),
    ...(root.entity && { entity_id: root.entity.id, entity_type: root.entity.type }),
    fault_count: new Set(occurrences.map(faultKey)).size,
    ...(blocks !== undefined && { blocks_motion: blocks }),
    ...(crossing && { crossing }),
    ...(root.outbreak && { outbreak: root.outbreak.summary }),
  };
}

/** Returns the last occurrence of each fault: an earlier one has ended even if its end was not reported. */
function lastOfFaults(occurrences: readonly Occurrence[]): readonly Occurrence[] {
  return [...new Map(occurrences.map((occurrence) => [faultKey(occurrence), occurrence])).values()];
}

/** Returns the state of an incident: a closed one is open again if another occurrence joins it later. */
function stateOf(
  occurrences: readonly Occurrence[],
  { closed }: ReviewState,
): { readonly state: IncidentState; readonly healedMs: number | undefined; readonly closed?: ReviewState['closed'] } {
  const ends = lastOfFaults(occurrences).map(endOf);
  const healedMs = ends.includes(undefined) ? undefined : Math.max(...(ends as number[]));
  if (closed && occurrences.every(({ beganMs }) => beganMs <= closed.atMs))
    return { state: 'closed', healedMs, closed };
  return { state: healedMs === undefined ? 'open' : 'healed', healedMs };
}
