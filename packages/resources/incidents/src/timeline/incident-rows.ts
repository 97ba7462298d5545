import type { TimelineKind, TimelineRow } from '@medkit/contract';
import { LOCAL } from '@medkit/core';
import type { IncidentEntry } from '../book/incident-entry.ts';
import { formatCrossing } from '../evidence/crossing.ts';
import { type Occurrence, occurrenceKey } from '../occurrence/occurrence.ts';
import type { TimelineEntry, TimelineSpan } from './timeline-entry.ts';

/** Returns the rows of these kinds that come from the incident itself: its faults and the records of users. */
export function incidentRows(
  { group, standing }: IncidentEntry,
  kinds: readonly TimelineKind[],
  span?: Partial<TimelineSpan>,
): readonly TimelineEntry[] {
  const { acknowledged, closed, notes } = standing;
  const rows = [
    ...group.members.flatMap(({ occurrence }) => faultRows(occurrence)),
    ...(acknowledged ? [userRow('acknowledged', acknowledged, 'Acknowledged')] : []),
    ...notes.map((note) => userRow('note', note, note.text)),
    ...(closed ? [userRow('closed', closed, 'Closed')] : []),
  ];
  return rows.filter(
    ({ atMs, row }) =>
      kinds.includes(row.kind) && (span?.fromMs === undefined || atMs >= span.fromMs) && atMs <= (span?.toMs ?? atMs),
  );
}

function faultRows(occurrence: Occurrence): readonly TimelineEntry[] {
  const { healedMs, clearedMs, clearedBy, beganMs, crossing } = occurrence;
  const row = (event: string, atMs: number, more: Partial<TimelineRow> = {}): TimelineEntry => ({
    key: `fault ${occurrenceKey(occurrence)} ${event}`,
    atMs,
    row: {
      kind: 'fault',
      event,
      text: occurrence.description || occurrence.code,
      ...(occurrence.origin !== LOCAL && { origin: occurrence.origin }),
      ...(occurrence.entity && { entity_id: occurrence.entity.id, entity_type: occurrence.entity.type }),
      severity: occurrence.severity,
      fault_code: occurrence.code,
      ...more,
    },
  });
  const crossedMs = Date.parse(crossing?.at ?? '');
  return [
    ...(Number.isNaN(crossedMs) ? [] : [row('crossed', crossedMs, { text: crossing ? formatCrossing(crossing) : '' })]),
    row('confirmed', beganMs),
    ...(healedMs === undefined ? [] : [row('healed', healedMs)]),
    ...(clearedMs === undefined
      ? []
      : [row('cleared', clearedMs, { ...(clearedBy !== undefined && { by: clearedBy }) })]),
  ];
}

function userRow(
  event: string,
  { atMs, by }: { readonly atMs: number; readonly by: string },
  text: string,
): TimelineEntry {
  return { key: `incident ${event} ${atMs} ${by}`, atMs, row: { kind: 'incident', event, text, by } };
}
