import type { Incident } from '@medkit/contract';
import type { Origin } from '@medkit/core';
import type { Corrections, Group } from '../grouping/group.ts';
import { groupOccurrences } from '../grouping/group-occurrences.ts';
import { buildIncident } from '../incident/build-incident.ts';
import { incidentIdsOf, occurrenceIds } from '../incident/incident-id.ts';
import { evaluateRecords, type IncidentRecord, type ReviewState } from '../incident/incident-record.ts';
import { type Occurrence, occurrenceKey } from '../occurrence/occurrence.ts';

/** An incident in the book. */
export interface IncidentEntry {
  readonly incident: Incident;
  readonly group: Group;
  readonly standing: ReviewState;
  /** All ids under which it is found, its current id first. */
  readonly ids: readonly string[];
  readonly beganMs: number;
  /** What users said about its occurrences. */
  readonly said: readonly IncidentRecord[];
}

/** A snapshot of all incidents. */
export interface IncidentEntries {
  /** Sorted by start, earliest first, then by id. */
  readonly all: readonly IncidentEntry[];
  /** By current id. */
  readonly byCurrentId: ReadonlyMap<string, IncidentEntry>;
  /** By any id, including earlier ids that lead to another incident. */
  readonly byId: { get(id: string): IncidentEntry | undefined };
}

export interface EntriesOptions {
  readonly occurrences: readonly Occurrence[];
  readonly records: readonly IncidentRecord[];
  readonly robotOf: (origin: Origin) => string;
  /** The previous snapshot; unchanged incidents are the same objects again. */
  readonly before?: IncidentEntries | undefined;
}

/** Builds the incidents from occurrences and records. */
export function incidentEntries({ occurrences, records, robotOf, before }: EntriesOptions): IncidentEntries {
  const recordsOf = Map.groupBy(records, ({ key }) => key);
  let byOtherId: ReadonlyMap<string, IncidentEntry> | undefined;
  const byCurrentId = new Map<string, IncidentEntry>();
  const all = groupOccurrences(occurrences, correctionsOf(records)).map((group): IncidentEntry => {
    const said = records.length === 0 ? NOTHING : saidOf(recordsOf, group);
    // Event numbers are unique within a log, but a lost log starts again at 1.
    const ids = occurrenceIds(group.members[0]!.occurrence);
    const id = byCurrentId.has(ids[0]) ? ids.at(-1)! : ids[0];
    const known = before?.byCurrentId.get(id);
    const isKnown = known?.incident.id === id && isSameGroup(known.group, group) && isSame(known.said, said);
    const entry = isKnown ? known : entryOf({ group, said, id, robotOf });
    byCurrentId.set(id, entry);
    return entry;
  });
  /** Built on first use: rarely needed, and as large as the number of occurrences. */
  const led = (): ReadonlyMap<string, IncidentEntry> =>
    new Map(all.toReversed().flatMap((entry) => entry.ids.map((id) => [id, entry] as const)));
  const get = (id: string): IncidentEntry | undefined => {
    const current = byCurrentId.get(id);
    if (current) return current;
    byOtherId ??= led();
    return byOtherId.get(id);
  };
  return { all: all.sort(byPlace), byCurrentId, byId: { get } };
}

interface Made extends Pick<IncidentEntry, 'group' | 'said'> {
  readonly id: string;
  readonly robotOf: (origin: Origin) => string;
}

function entryOf({ group, said, id, robotOf }: Made): IncidentEntry {
  const standing = evaluateRecords(said);
  const incident = buildIncident(group, { id, standing, robotOf });
  const ids = [...new Set([id, ...incidentIdsOf(group)])];
  return { incident, group, standing, ids, beganMs: group.members[0]!.occurrence.beganMs, said };
}

function byPlace(one: IncidentEntry, other: IncidentEntry): number {
  return one.beganMs - other.beganMs || (one.incident.id < other.incident.id ? -1 : 1);
}

const NOTHING: readonly IncidentRecord[] = [];

/** Returns the records of a group, in the order in which they were made. */
function saidOf(recordsOf: ReadonlyMap<string, readonly IncidentRecord[]>, group: Group): readonly IncidentRecord[] {
  const said = group.members.flatMap(({ occurrence }) => recordsOf.get(occurrenceKey(occurrence)) ?? NOTHING);
  return said.sort((one, other) => one.atMs - other.atMs);
}

function isSameGroup({ members }: Group, { members: now }: Group): boolean {
  return (
    members.length === now.length &&
    members.every(({ occurrence, fold }, at) => occurrence === now[at]?.occurrence && isSameFold(fold, now[at].fold))
  );
}

function isSameFold(one: Group['members'][number]['fold'], other: typeof one): boolean {
  return one?.because === other?.because && one?.with === other?.with && one?.ruleId === other?.ruleId;
}

function isSame(one: readonly IncidentRecord[], other: readonly IncidentRecord[]): boolean {
  return one.length === other.length && one.every((record, at) => record === other[at]);
}

/** Returns the corrections of users; the last record of a kind counts. */
function correctionsOf(records: readonly IncidentRecord[]): Corrections {
  const labels = new Map<string, string>();
  const closedMs = new Map<string, number>();
  const reopenedMs = new Map<string, number>();
  for (const { key, said, atMs } of records) {
    if (said.is === 'label') labels.set(key, said.label);
    if (said.is === 'closed') closedMs.set(key, atMs);
    if (said.is === 'reopened') reopenedMs.set(key, atMs);
  }
  return { labels, closedMs, reopenedMs };
}
