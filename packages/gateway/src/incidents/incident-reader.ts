import {
  type FailedMember,
  type IncidentDetail,
  type IncidentList,
  type IncidentTimeline,
  SovdError,
  TIMELINE_KINDS,
  type TimelineKind,
  type TimelineRow,
} from '@medkit/contract';
import type { Model } from '@medkit/core';
import {
  type IncidentBook,
  type IncidentEntry,
  incidentFaults,
  incidentPage,
  isoTime,
  mergedIdsOf,
  rootOf,
  type Timeline,
  timelinePage,
} from '@medkit/incidents';
import { stored } from '../database/store-errors.ts';
import { faultHref, recordingHref } from './fault-details.ts';
import { incidentQuery, type QueryParameters, timelineQuery } from './incident-parameters.ts';

/** Maximum listed faults of one incident. */
const MAX_FAULTS = 500;

/** What clients read of incidents. Every call throws `SovdError`, or `IncidentMerged` for the id of a merged incident. */
export interface IncidentReader {
  list(query: QueryParameters): IncidentList;
  get(id: string): IncidentDetail;
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

export interface IncidentReaderOptions {
  readonly book: Pick<IncidentBook, 'entries'>;
  readonly timeline: Pick<Timeline, 'of'>;
  /** Adds recent audit records to the timeline of an incident, if they are not there yet. */
  readonly gatherPeople: (entry: IncidentEntry) => Promise<void>;
  readonly model: Pick<Model, 'tree' | 'runtimes' | 'stateOf'>;
  /** Returns whether a fault code, or the threshold of a topic, is configured to block the robot. */
  readonly configuresBlocking: () => boolean;
  /** Kinds of timeline rows that no client of this reader may read. */
  readonly withheld?: readonly TimelineKind[];
}

export function incidentReader(options: IncidentReaderOptions): IncidentReader {
  const { book, timeline, gatherPeople, model, withheld = [] } = options;
  const found = (id: string): IncidentEntry => {
    const entry = entryNamed(book, id);
    if (entry.incident.id !== id) throw new IncidentMerged(entry.incident.id);
    return entry;
  };
  const visibleKinds = (kinds: readonly TimelineKind[], maySeePeople: boolean): readonly TimelineKind[] =>
    kinds.filter((kind) => (maySeePeople || kind !== 'people') && !withheld.includes(kind));

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
    get: (id) => incidentDetail(found(id), options),
    rows: async (id, maySeePeople) => {
      const entry = found(id);
      if (maySeePeople) await gatherPeople(entry);
      const rows = await stored(() => timeline.of(entry, visibleKinds(TIMELINE_KINDS, maySeePeople)));
      return timelinePage(rows, { limit: rows.length }).items;
    },
    timeline: async (id, query, maySeePeople) => {
      const entry = found(id);
      const { kinds, span, page } = timelineQuery(query);
      const visible = visibleKinds(kinds, maySeePeople);
      if (visible.includes('people')) await gatherPeople(entry);
      const rows = await stored(() => timeline.of(entry, visible, span));
      const { items, next } = timelinePage(rows, page);
      return {
        items: [...items],
        ...(next !== undefined && { next_cursor: next }),
        ...(visible.length < kinds.length && { withheld: kinds.filter((kind) => !visible.includes(kind)) }),
        ...partial(silentGateways(model)),
      };
    },
  };
}

/** Returns an incident by its id, or by the id of a merged incident. Throws `resource-not-found`. */
export function entryNamed({ entries }: Pick<IncidentBook, 'entries'>, id: string): IncidentEntry {
  const entry = entries.byId.get(id);
  if (entry) return entry;
  const message = `There is no incident ${id}: see GET /x-medkit-incidents`;
  throw new SovdError({ code: 'resource-not-found', message, parameters: { incident_id: id } });
}

/** Returns an incident with its faults, notes and recordings. */
export function incidentDetail(
  entry: IncidentEntry,
  { book, model, configuresBlocking }: Pick<IncidentReaderOptions, 'book' | 'configuresBlocking' | 'model'>,
): IncidentDetail {
  const { incident, group, standing } = entry;
  const faults = incidentFaults(group, (occurrence) => faultHref(model.tree, occurrence));
  const failed = silentGateways(model);
  const { outbreak } = rootOf(group);
  const recordings = group.members.flatMap(({ occurrence: { origin, recordings } }) =>
    recordings.map((each) => ({ ...each, href: recordingHref(model.tree, each.href, origin) })),
  );
  // medkit can know of a fault that blocks the robot: one is configured, or a stored fault has, such as one of a peer.
  const knowsBlocking =
    configuresBlocking() ||
    book.entries.all.some(({ group: { members } }) => members.some(({ occurrence }) => occurrence.blocksMotion));
  return {
    ...incident,
    ...(outbreak && { outbreak_detail: outbreak.detail }),
    motion: motionOf(entry, failed.length > 0, knowsBlocking),
    faults: faults.slice(0, MAX_FAULTS),
    ...(faults.length > MAX_FAULTS && { faults_omitted: faults.length - MAX_FAULTS }),
    notes: standing.notes.map(({ atMs, by, text }) => ({ at: isoTime(atMs), by, text })),
    recordings: [...new Map(recordings.map((each) => [each.id, each])).values()],
    merged_ids: [...mergedIdsOf(group, incident.id)],
    ...partial(failed),
  };
}

/** Never reports that the robot is safe, only that no blocking fault is known while all sources respond. */
function motionOf({ incident }: IncidentEntry, isPartial: boolean, knowsBlocking: boolean): IncidentDetail['motion'] {
  if (incident.blocks_motion) return 'blocked';
  if (isPartial) return 'unknown';
  return knowsBlocking ? 'no blocking fault known' : 'not configured';
}

/** Returns the runtimes that do not respond: their faults are unknown. */
function silentGateways({ runtimes, stateOf }: IncidentReaderOptions['model']): readonly FailedMember[] {
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
