import { TIMELINE_KINDS } from '@medkit/contract';
import type { Model } from '@medkit/core';
import type { FleetOutbreak, FleetView, LimitedOutbreaks } from '@medkit/fleet';
import {
  type IncidentBook,
  type IncidentEntries,
  type IncidentEntry,
  incidentEntries,
  incidentRows,
  type Occurrence,
  occurrenceKey,
} from '@medkit/incidents';
import { stored } from '../../database/store-errors.ts';
import { directPeer } from '../../fault-stream/fault-feed.ts';
import { type IncidentReader, incidentReader } from '../../incidents/incident-reader.ts';
import { outbreakOccurrence } from '../outbreaks/outbreak-occurrence.ts';
import { limitedTree } from './limited-tree.ts';

export interface LimitedIncidentsOptions {
  readonly book: Pick<IncidentBook, 'entries'>;
  readonly outbreaks: Pick<LimitedOutbreaks, 'revision' | 'within'>;
  readonly model: Pick<Model, 'tree'>;
  /** Whether the faults of a robot are those of a peer. */
  readonly isPeer: (robot: string) => boolean;
}

/** Rows of other kinds are those of the whole hub. */
const WITHHELD = TIMELINE_KINDS.filter((kind) => kind !== 'fault' && kind !== 'incident');

/** The incidents of a view. */
export interface IncidentsOfView {
  readonly entries: IncidentEntries;
  readonly reader: IncidentReader;
}

/** Returns the incidents of a view. Rejects with `service-unavailable` if the record cannot be read. */
export type LimitedIncidents = (view: FleetView) => Promise<IncidentsOfView>;

interface Read {
  /** The incidents and the outbreaks of the whole fleet from which it was read. */
  readonly of: IncidentEntries;
  readonly revision: number;
  readonly incidents: Promise<IncidentsOfView>;
}

/** Reads the incidents of views, again after a change of the incidents or outbreaks. */
export function limitedIncidents(options: LimitedIncidentsOptions): LimitedIncidents {
  const { book, outbreaks, model, isPeer } = options;
  const known = new WeakMap<FleetView, Read>();
  const read = async (all: readonly IncidentEntry[], view: FleetView): Promise<IncidentsOfView> => {
    const parts = new Map((await stored(() => outbreaks.within(view))).map((part) => [part.id, part]));
    const isVisible = (robot: string): boolean => isPeer(robot) && view.robots.has(robot);
    const entries = entriesIn(all, parts, isVisible);
    const reader = incidentReader({
      book: { entries },
      timeline: { of: async (entry, kinds, span) => incidentRows(entry, kinds, span) },
      withheld: WITHHELD,
      gatherPeople: async () => undefined,
      model: {
        get tree() {
          return limitedTree(model.tree, view);
        },
        // Peers that do not respond are those of the hub.
        runtimes: [],
        stateOf: () => undefined,
      },
      configuresBlocking: () => false,
    });
    return { entries, reader };
  };
  return (view) => {
    const [{ entries }, { revision }, last] = [book, outbreaks, known.get(view)];
    if (last?.of === entries && last.revision === revision) return last.incidents;
    const incidents = read(entries.all, view);
    known.set(view, { of: entries, revision, incidents });
    incidents.catch(() => {
      if (known.get(view)?.incidents === incidents) known.delete(view);
    });
    return incidents;
  };
}

/** Returns the incidents that remain of the outbreaks and the faults of robots in a view. */
function entriesIn(
  all: readonly IncidentEntry[],
  outbreaks: ReadonlyMap<number, FleetOutbreak>,
  isVisible: (robot: string) => boolean,
): IncidentEntries {
  const partOf = (occurrence: Occurrence): Occurrence | undefined => {
    if (!occurrence.outbreak) return isVisible(directPeer(occurrence.origin)) ? occurrence : undefined;
    const part = outbreaks.get(occurrence.number);
    return part && outbreakOccurrence(part);
  };
  const visible = all.flatMap(({ group, said }) =>
    group.members.flatMap(({ occurrence }) => {
      const part = partOf(occurrence);
      return part ? [{ part, records: recordsOf(said, occurrence, part) }] : [];
    }),
  );
  return incidentEntries({
    occurrences: visible.map(({ part }) => part),
    records: visible.flatMap(({ records }) => records),
    robotOf: (origin) => origin,
  });
}

/** Returns what users said about an occurrence while it concerned the view. Notes are texts on the whole fleet. */
function recordsOf(said: IncidentEntry['said'], whole: Occurrence, part: Occurrence): IncidentEntry['said'] {
  const key = occurrenceKey(whole);
  const isVisible = ({ said: { is }, atMs }: (typeof said)[number]): boolean =>
    is === 'label' || (is !== 'note' && atMs >= part.beganMs);
  return said.flatMap((each) => (each.key === key && isVisible(each) ? [{ ...each, key: occurrenceKey(part) }] : []));
}
