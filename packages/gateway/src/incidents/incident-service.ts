import {
  type FailedMember,
  type IncidentChange,
  type IncidentDetail,
  type IncidentList,
  type IncidentMerge,
  type IncidentSplit,
  type IncidentTimeline,
  SovdError,
  TIMELINE_KINDS,
  type TimelineRow,
} from '@medkit/contract';
import type { Model } from '@medkit/core';
import type { Clock, Random } from '@medkit/edges';
import {
  changeRecords,
  type IncidentBook,
  type IncidentEntry,
  incidentFaults,
  incidentPage,
  isoTime,
  mergedIdsOf,
  mergeRecords,
  occurrenceKey,
  splitRecords,
  type Timeline,
  timelinePage,
} from '@medkit/incidents';
import { stored } from '../database/stored.ts';
import { faultHref, recordingHref } from './fault-details.ts';
import { incidentQuery, type QueryParameters, timelineQuery } from './incident-parameters.ts';

/** Faults of one incident that are listed at most. */
const MAX_FAULTS = 500;

/** Incidents as clients see them. Every call throws `SovdError`; with an id that leads to another incident it throws `Elsewhere`. */
export interface IncidentService {
  list(query: QueryParameters): IncidentList;
  get(id: string): IncidentDetail;
  change(id: string, change: IncidentChange, by: string): Promise<IncidentDetail>;
  merge(id: string, merge: IncidentMerge, by: string): Promise<IncidentDetail>;
  split(id: string, split: IncidentSplit, by: string): Promise<IncidentDetail>;
  /** @param maySeePeople whether who asks may read the audit log */
  timeline(id: string, query: QueryParameters, maySeePeople: boolean): Promise<IncidentTimeline>;
  /** All rows of the timeline that who asks may see, the earliest first. */
  rows(id: string, maySeePeople: boolean): Promise<readonly TimelineRow[]>;
  /** The incident itself, for what is made of all of it. */
  entry(id: string): IncidentEntry;
}

/** An incident is part of another one. */
export class Elsewhere extends Error {
  readonly id: string;

  constructor(id: string) {
    super(`The incident is part of ${id}`);
    this.id = id;
  }
}

export interface IncidentServiceOptions {
  readonly book: IncidentBook;
  readonly timeline: Timeline;
  /** Has in the timeline what people asked for until now, as far as it is not there yet. */
  readonly gatherPeople: (entry: IncidentEntry) => Promise<void>;
  readonly model: Pick<Model, 'tree' | 'runtimes' | 'stateOf' | 'originOf'>;
  readonly clock: Clock;
  readonly random: Random;
  /** Whether anything is configured that can hold the robot: a fault code, or the threshold of a topic. */
  readonly configuresBlocking: () => boolean;
}

export function incidentService(options: IncidentServiceOptions): IncidentService {
  const { book, timeline, gatherPeople, model, clock, random } = options;

  /** Whether medkit can know of a fault that holds the robot: by its configuration, or by a threshold of another gateway that was crossed. */
  const knowsBlocking = (): boolean =>
    options.configuresBlocking() ||
    book.entries.all.some(({ group }) => group.members.some(({ occurrence }) => occurrence.blocksMotion));

  /** Also by an id that leads to it. */
  const named = (id: string): IncidentEntry => {
    const entry = book.entries.byId.get(id);
    if (entry) return entry;
    const message = `There is no incident ${id}: see GET /x-medkit-incidents`;
    throw new SovdError({ code: 'resource-not-found', message, parameters: { incident_id: id } });
  };
  const found = (id: string): IncidentEntry => {
    const entry = named(id);
    if (entry.incident.id !== id) throw new Elsewhere(entry.incident.id);
    return entry;
  };
  const record = async (id: string, records: ReturnType<typeof changeRecords>): Promise<IncidentDetail> => {
    if (records.length > 0) await stored(() => book.record(records));
    return detailOf(book.entries.byId.get(id) ?? found(id));
  };
  const detailOf = (entry: IncidentEntry): IncidentDetail => {
    const { incident, group, standing } = entry;
    const faults = incidentFaults(group, (occurrence) => faultHref(model.tree, occurrence));
    const failed = silentGateways(model);
    const recordings = group.members.flatMap(({ occurrence: { origin, recordings } }) =>
      recordings.map((each) => ({ ...each, href: recordingHref(model.tree, each.href, origin) })),
    );
    return {
      ...incident,
      motion: motionOf(entry, failed.length > 0, knowsBlocking()),
      faults: faults.slice(0, MAX_FAULTS),
      ...(faults.length > MAX_FAULTS && { faults_omitted: faults.length - MAX_FAULTS }),
      notes: standing.notes.map(({ atMs, by, text }) => ({ at: isoTime(atMs), by, text })),
      recordings: [...new Map(recordings.map((each) => [each.id, each])).values()],
      merged_ids: [...mergedIdsOf(group, incident.id)],
      ...partial(failed),
    };
  };
  const label = (): string => Buffer.from(random.bytes(9)).toString('base64url');
  const saying = (by: string) => ({ by, atMs: clock.wallMs() });

  return {
    entry: found,
    list: (query) => {
      const { items, next } = incidentPage(book.entries.all, incidentQuery(query, model.tree));
      return {
        items: items.map(({ incident }) => incident),
        ...(next !== undefined && { next_cursor: next }),
        ...partial(silentGateways(model)),
      };
    },
    get: (id) => detailOf(found(id)),
    change: async (id, change, by) => record(id, changeRecords(found(id), change, saying(by))),
    merge: async (id, { incidents }, by) => {
      // Only its own id leads the request elsewhere: those within it may be part of any other one.
      const entries = [...new Set([found(id), ...incidents.map(named)])];
      if (entries.length < 2) {
        const message = `Name other incidents than ${id} to make one of them`;
        throw new SovdError({ code: 'invalid-parameter', message, parameters: { parameter: 'incidents' } });
      }
      return record(id, mergeRecords(entries, label(), saying(by)));
    },
    split: async (id, split, by) => {
      const entry = found(id);
      const [rest, own] = [label(), label()] as const;
      const records = splitRecords(entry, split, [rest, own], saying(by));
      await stored(() => book.record(records));
      const first = records.find(({ said }) => said.is === 'label' && said.label === own);
      const made = book.entries.all.find(({ group }) =>
        group.members.some(({ occurrence }) => occurrenceKey(occurrence) === first?.key),
      );
      return detailOf(made ?? entry);
    },
    rows: async (id, maySeePeople) => {
      const entry = found(id);
      const kinds = TIMELINE_KINDS.filter((kind) => maySeePeople || kind !== 'people');
      if (maySeePeople) await gatherPeople(entry);
      const rows = await stored(() => timeline.of(entry, kinds));
      return timelinePage(rows, { limit: rows.length }).items;
    },
    timeline: async (id, query, maySeePeople) => {
      const entry = found(id);
      const { kinds, span, page } = timelineQuery(query);
      const shown = maySeePeople ? kinds : kinds.filter((kind) => kind !== 'people');
      if (shown.includes('people')) await gatherPeople(entry);
      const rows = await stored(() => timeline.of(entry, shown, span));
      const { items, next } = timelinePage(rows, page);
      return {
        items: [...items],
        ...(next !== undefined && { next_cursor: next }),
        ...(shown.length < kinds.length && { withheld: ['people' as const] }),
        ...partial(silentGateways(model)),
      };
    },
  };
}

/** Never that it is safe: what is known is that no fault is known which holds the robot, and that while all answer who could tell of one. */
function motionOf({ incident }: IncidentEntry, isPartial: boolean, knowsBlocking: boolean): IncidentDetail['motion'] {
  if (incident.blocks_motion) return 'blocked';
  if (isPartial) return 'unknown';
  return knowsBlocking ? 'no blocking fault known' : 'not configured';
}

/** Runtimes that tell of entities and do not answer: what is wrong with those nobody knows. */
function silentGateways({ runtimes, stateOf }: IncidentServiceOptions['model']): readonly FailedMember[] {
  return runtimes.flatMap((runtime) => {
    const state = stateOf(runtime);
    if (!state || state.state === 'running') return [];
    const since = new Date(state.sinceMs).toISOString();
    return [{ entity_id: runtime, runtime, message: `${runtime} is ${state.state}`, since }];
  });
}

function partial(failed: readonly FailedMember[]) {
  return failed.length === 0 ? {} : { 'x-medkit': { partial: true, failed_members: [...failed] } };
}
