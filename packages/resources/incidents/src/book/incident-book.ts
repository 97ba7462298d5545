import type { IncidentChanged, Log, Origin } from '@medkit/core';
import type { Clock, QuotaFigures, Timer } from '@medkit/edges';
import { StoreError } from '@medkit/store';
import type { IncidentRecord } from '../incident/incident-record.ts';
import { mergeOccurrences } from '../occurrence/merge-occurrences.ts';
import { byStart, endOf, type Occurrence, occurrenceKey } from '../occurrence/occurrence.ts';
import { changeStatements, type IncidentDatabase, readIncidents } from '../storage/incident-storage.ts';
import { changesBetween } from './entry-changes.ts';
import { type IncidentEntries, incidentEntries } from './incident-entry.ts';
import { openFaultQuota } from './open-fault-quota.ts';
import { surplusOccurrences } from './surplus-occurrences.ts';

/** Changes within this time are grouped together. */
const COALESCE_MS = 30;
/** Grouping uses at most 1/8 of the time. */
const LEISURE = 8;
const RETRY_MS = 1000;

export interface IncidentBookOptions {
  readonly database: IncidentDatabase;
  readonly clock: Clock;
  readonly log: Log;
  /** Name of this robot. */
  readonly robot: string;
  /** Maximum stored occurrences; beyond it, the oldest ended ones are removed. */
  readonly maxOccurrences: number;
  /** Receives every change of an incident once it is on disk. */
  readonly onNews: (news: IncidentChanged) => void;
}

/** The incidents, grouped from occurrences of faults. The occurrences are on disk before any listener is notified. */
export interface IncidentBook {
  readonly entries: IncidentEntries;
  /**
   * Returns the gateways with more open faults than the book accepts; one summary fault stands for the rest of each.
   */
  overfull(): readonly Origin[];
  /** Counts of the open faults of other gateways. */
  figures(): QuotaFigures;
  /** Number of the last event read from the log of each gateway. */
  readonly cursors: ReadonlyMap<Origin, number>;
  /** Returns an occurrence in its known state; `undefined` if it is unknown. */
  known(occurrence: Occurrence): Occurrence | undefined;
  /** Adds occurrences, complete or partial, and optionally the number up to which a log was read. */
  tell(occurrences: readonly Occurrence[], read?: { readonly origin: Origin; readonly id: number }): void;
  /** Stores what users said about incidents. Rejects with a `StoreError` if it cannot be written. */
  record(records: readonly IncidentRecord[]): Promise<void>;
  /** Resolves when all added occurrences are grouped and on disk, or the write has failed and was logged. */
  settled(): Promise<void>;
  close(): Promise<void>;
}

/** Opens the book. Rejects with a `StoreError` if the stored incidents cannot be read. */
export async function openIncidentBook(options: IncidentBookOptions): Promise<IncidentBook> {
  const { database, clock, log, robot, maxOccurrences, onNews } = options;
  const stored = await readIncidents(database);
  const occurrences = new Map(stored.occurrences.toSorted(byStart).map((each) => [occurrenceKey(each), each]));
  let records = stored.records;
  const cursors = new Map(stored.cursors);
  const entriesOf = (before?: IncidentEntries): IncidentEntries =>
    incidentEntries({ occurrences: [...occurrences.values()], records, robot, before });
  let entries = entriesOf();
  /** Occurrences that are not on disk yet, and those being written. */
  let pending = new Map<string, Occurrence>();
  let underWay: ReadonlyMap<string, Occurrence> = new Map();
  let readTo = new Map<Origin, number>();
  /** Ended occurrences that began before this time were removed, and are not added again. */
  let forgottenMs = Number.NEGATIVE_INFINITY;
  let timer: Timer | undefined;
  let leisureMs = 0;
  let writing: Promise<void> = Promise.resolve();
  let isFailing = false;
  let closed = false;

  const bound = openFaultQuota({ clock, log, maxOccurrences }, occurrences.values());
  const known = (key: string): Occurrence | undefined => pending.get(key) ?? underWay.get(key) ?? occurrences.get(key);
  const added = (): number => [...pending.keys()].filter((key) => !occurrences.has(key)).length;
  const isForgotten = (each: Occurrence): boolean => endOf(each) !== undefined && each.beganMs <= forgottenMs;
  const schedule = (ms: number): void => {
    if (closed) return;
    timer ??= clock.after(ms, () => {
      timer = undefined;
      settle().catch((error: unknown) =>
        log('error', `changes of incidents could not be reported: ${messageOf(error)}`),
      );
    });
  };
  /** Runs one write at a time, so that notifications keep their order. */
  const settle = (said: readonly IncidentRecord[] = []): Promise<void> => {
    const settling = writing.then(() => write(said));
    writing = settling.catch(() => undefined);
    return settling.catch((error: unknown) => {
      if (said.length > 0 || !(error instanceof StoreError)) throw error;
    });
  };
  const write = async (said: readonly IncidentRecord[]): Promise<void> => {
    if (pending.size === 0 && readTo.size === 0 && said.length === 0) return;
    const forgotten = surplusOccurrences(entries, { known, added: added(), records, max: maxOccurrences });
    const [taken, read] = [pending, readTo];
    const written = new Map([...taken].filter(([key]) => !forgotten.has(key)));
    [underWay, pending, readTo] = [taken, new Map(), new Map()];
    try {
      await (await database.store()).write(
        changeStatements({
          occurrences: [...written.values()],
          forgotten: [...forgotten],
          records: said,
          cursors: read,
        }),
      );
    } catch (error) {
      // Nothing is lost: the data is written with the next attempt, together with later data.
      pending = new Map([...taken, ...pending]);
      readTo = new Map([...read, ...readTo]);
      if (!isFailing) log('error', `incidents cannot be stored, medkit retries: ${messageOf(error)}`);
      isFailing = true;
      schedule(RETRY_MS);
      throw error;
    } finally {
      underWay = new Map();
    }
    if (isFailing) log('info', 'incidents are stored again');
    isFailing = false;
    for (const [key, occurrence] of written) occurrences.set(key, occurrence);
    for (const key of forgotten) {
      forgottenMs = Math.max(forgottenMs, occurrences.get(key)?.beganMs ?? forgottenMs);
      occurrences.delete(key);
      bound.forget(key);
    }
    const saidAnew = new Set(said.flatMap((each) => (each.said.is === 'note' ? [] : [`${each.key} ${each.said.is}`])));
    const stays = (each: IncidentRecord): boolean =>
      !forgotten.has(each.key) && !saidAnew.has(`${each.key} ${each.said.is}`);
    records = [...records.filter(stays), ...said];
    if (written.size + forgotten.size + said.length > 0) regroup();
  };
  const regroup = (): void => {
    const beganMs = clock.monotonicMs();
    const before = entries;
    entries = entriesOf(before);
    leisureMs = (clock.monotonicMs() - beganMs) * LEISURE;
    for (const news of changesBetween(before, entries, clock.wallMs())) onNews(news);
  };

  return {
    get entries() {
      return entries;
    },
    overfull: () => bound.origins(),
    figures: () => bound.figures(),
    cursors,
    known: (occurrence) => known(occurrenceKey(occurrence)),
    tell: (all, read) => {
      for (const each of all) {
        const key = occurrenceKey(each);
        const before = known(key);
        const now = mergeOccurrences(before ?? each, each);
        if (now === before || (!before && (isForgotten(each) || !bound.admits(each)))) continue;
        pending.set(key, now);
        bound.count(now);
      }
      for (const each of bound.summaries()) pending.set(occurrenceKey(each), each);
      if (read && read.id !== cursors.get(read.origin)) {
        cursors.set(read.origin, read.id);
        readTo.set(read.origin, read.id);
      }
      if (pending.size > 0 || readTo.size > 0) schedule(Math.max(COALESCE_MS, leisureMs));
    },
    record: (said) => settle(said),
    settled: () => settle(),
    close: async () => {
      closed = true;
      timer?.cancel();
      await settle();
    },
  };
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
