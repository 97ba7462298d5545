import type { Incident } from '@medkit/contract';
import type { Corrections, Group } from '../grouping/group.ts';
import { groupOccurrences } from '../grouping/group-occurrences.ts';
import { incidentIdsOf } from '../incident/incident-id.ts';
import { incidentOf } from '../incident/incident-of.ts';
import { type IncidentRecord, type Standing, standingOf } from '../incident/incident-record.ts';
import { type Occurrence, occurrenceKey } from '../occurrence/occurrence.ts';

/** An incident as the book has it. */
export interface IncidentEntry {
  readonly incident: Incident;
  readonly group: Group;
  readonly standing: Standing;
  /** By which it is found, that which it goes by first. */
  readonly ids: readonly string[];
  readonly beganMs: number;
}

/** The incidents of one moment. */
export interface IncidentEntries {
  /** By when they began, the earliest first. */
  readonly all: readonly IncidentEntry[];
  /** Also under ids that lead to another one. */
  readonly byId: ReadonlyMap<string, IncidentEntry>;
}

export interface EntriesOptions {
  readonly occurrences: readonly Occurrence[];
  readonly records: readonly IncidentRecord[];
  readonly robot: string;
  /** What was made before: what has not changed is the very same object again. */
  readonly before?: IncidentEntries | undefined;
}

/** Makes the incidents of occurrences and of what people said. */
export function incidentEntries({ occurrences, records, robot, before }: EntriesOptions): IncidentEntries {
  const recordsOf = Map.groupBy(records, ({ key }) => key);
  const groups = groupOccurrences(occurrences, correctionsOf(records));
  const all = groups.map((group): IncidentEntry => {
    const ids = incidentIdsOf(group);
    const said = records.length === 0 ? [] : group.members.flatMap((member) => saidOf(recordsOf, member.occurrence));
    const known = before?.byId.get(ids[0]);
    if (known && isSameGroup(known.group, group) && isSameStanding(known.standing, said)) return known;
    const standing = standingOf(said.length > 1 ? said.toSorted((one, other) => one.atMs - other.atMs) : said);
    const incident = incidentOf(group, standing, robot);
    return { incident, group, standing, ids, beganMs: group.members[0]!.occurrence.beganMs };
  });
  return { all, byId: new Map(all.toReversed().flatMap((entry) => entry.ids.map((id) => [id, entry] as const))) };
}

function saidOf(
  recordsOf: ReadonlyMap<string, readonly IncidentRecord[]>,
  occurrence: Occurrence,
): readonly IncidentRecord[] {
  return recordsOf.get(occurrenceKey(occurrence)) ?? [];
}

function isSameGroup({ members }: Group, { members: now }: Group): boolean {
  return members.length === now.length && members.every(({ occurrence }, at) => occurrence === now[at]?.occurrence);
}

function isSameStanding({ acknowledged, closed, notes }: Standing, said: readonly IncidentRecord[]): boolean {
  return said.length === 0 && !acknowledged && !closed && notes.length === 0;
}

/** How the last that was said counts. */
export function correctionsOf(records: readonly IncidentRecord[]): Corrections {
  const labels = new Map<string, string>();
  const closedMs = new Map<string, number>();
  for (const { key, said, atMs } of records) {
    if (said.is === 'label') labels.set(key, said.label);
    if (said.is === 'closed') closedMs.set(key, atMs);
    if (said.is === 'reopened') closedMs.delete(key);
  }
  return { labels, closedMs };
}
