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
  rootOf,
  splitRecords,
  type Timeline,
  timelinePage,
} from '@medkit/incidents';
import { stored } from '../database/store-errors.ts';
import { faultHref, recordingHref } from './fault-details.ts';
import { incidentQuery, type QueryParameters, timelineQuery } from './incident-parameters.ts';

/** Maximum listed faults of one incident. */
const MAX_FAULTS = 500;

/** Incidents as clients see them. Every call throws `SovdError`, or `IncidentMerged` for the id of a merged incident. */
export interface IncidentService {
  list(query: QueryParameters): IncidentList;
  get(id: string): IncidentDetail;
  change(id: string, change: IncidentChange, by: string): Promise<IncidentDetail>;
  merge(id: string, merge: IncidentMerge, by: string): Promise<IncidentDetail>;
  split(id: string, split: IncidentSplit, by: string): Promise<IncidentDetail>;
  /** @param maySeePeople whether the client may read the audit log */
  timeline(id: string, query: QueryParameters, maySeePeople: boolean): Promise<IncidentTimeline>;
  /** Returns all timeline rows that the client may see, earliest first. */
  rows(id: string, maySeePeople: boolean): Promise<readonly TimelineRow[]>;
  /** Returns the stored incident, for exports. */
  entry(id: string): IncidentEntry;
}

/** The incident was merged into another one. */
export class IncidentMerged extends Error {
  readonly id: string;

  constructor(id: string) {
    super(`The incident is part of ${id}`);
    this.id = id;
  }
}

export interface IncidentServiceOptions {
  readonly book: IncidentBook;
  readonly timeline: Timeline;
  /** Adds recent audit records to the timeline of an incident, if they are not there yet. */
  readonly gatherPeople: (entry: IncidentEntry) => Promise<void>;
  readonly model: Pick<Model, 'tree' | 'runtimes' | 'stateOf' | 'originOf'>;
  readonly clock: Clock;
  readonly random: Random;
  /** Returns whether a fault code, or the threshold of a topic, is configured to block the robot. */
  readonly configuresBlocking: () => boolean;
}

export function incidentService(options: IncidentServiceOptions): IncidentService {
  const { book, timeline, gatherPeople, model, clock, random } = options;

  /**
   * Returns whether medkit can know of a fault that blocks the robot: one is configured, or a stored fault has blocked
   * it, such as one of a peer.
   */
  const knowsBlocking = (): boolean =>
    options.configuresBlocking() ||
    book.entries.all.some(({ group }) => group.members.some(({ occurrence }) => occurrence.blocksMotion));

  /** Also resolves ids of merged incidents. */
  const named = (id: string): IncidentEntry => {
    const entry = book.entries.byId.get(id);
    if (entry) return entry;
    const message = `There is no incident ${id}: see GET /x-medkit-incidents`;
    throw new SovdError({ code: 'resource-not-found', message, parameters: { incident_id: id } });
  };
  const found = (id: string): IncidentEntry => {
    const entry = named(id);
    if (entry.incident.id !== id) throw new IncidentMerged(entry.incident.id);
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
    const { outbreak } = rootOf(group);
    const recordings = group.members.flatMap(({ occurrence: { origin, recordings } }) =>
      recordings.map((each) => ({ ...each, href: recordingHref(model.tree, each.href, origin) })),
    );
    return {
      ...incident,
      ...(outbreak && { outbreak_detail: outbreak.detail }),
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
      // Only the id in the URL is redirected: the ids in the body may belong to any other incident.
      const entries = [...new Set([found(id), ...incidents.map(named)])];
      if (entries.length < 2) {
        const message = `Specify incidents other than ${id} to merge`;
        throw new SovdError({ code: 'invalid-parameter', message, parameters: { parameter: 'incidents' } });
      }
      return record(id, mergeRecords(entries, label(), saying(by)));
    },
    split: async (id, split, by) => {
      const entry = found(id);
      const [rest, splitLabel] = [label(), label()] as const;
      const records = splitRecords(entry, split, [rest, splitLabel], saying(by));
      await stored(() => book.record(records));
      const first = records.find(({ said }) => said.is === 'label' && said.label === splitLabel);
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
      const visible = maySeePeople ? kinds : kinds.filter((kind) => kind !== 'people');
      if (visible.includes('people')) await gatherPeople(entry);
      const rows = await stored(() => timeline.of(entry, visible, span));
      const { items, next } = timelinePage(rows, page);
      return {
        items: [...items],
        ...(next !== undefined && { next_cursor: next }),
        ...(visible.length < kinds.length && { withheld: ['people' as const] }),
        ...partial(silentGateways(model)),
      };
    },
  };
}

/** Never reports that the robot is safe, only that no blocking fault is known while all sources respond. */
function motionOf({ incident }: IncidentEntry, isPartial: boolean, knowsBlocking: boolean): IncidentDetail['motion'] {
  if (incident.blocks_motion) return 'blocked';
  if (isPartial) return 'unknown';
  return knowsBlocking ? 'no blocking fault known' : 'not configured';
}

/** Returns the runtimes that do not respond: their faults are unknown. */
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
