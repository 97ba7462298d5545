import type { IncidentChanged, Log, Origin } from '@medkit/core';
import type { Clock, Timer } from '@medkit/edges';
import { StoreError } from '@medkit/store';
import type { IncidentRecord } from '../incident/incident-record.ts';
import { joinedFacts } from '../occurrence/joined-facts.ts';
import { byStart, endOf, type Occurrence, occurrenceKey } from '../occurrence/occurrence.ts';
import { changeStatements, type IncidentDatabase, readIncidents } from '../storage/incident-storage.ts';
import { type IncidentEntries, incidentEntries } from './incident-entry.ts';
import { newsBetween } from './incident-news.ts';

/** What comes closer together than this is grouped at once. */
const COALESCE_MS = 30;
/** Grouping takes no more than one part in so many of the time. */
const LEISURE = 8;
const RETRY_MS = 1000;

export interface IncidentBookOptions {
  readonly database: IncidentDatabase;
  readonly clock: Clock;
  readonly log: Log;
  /** What this robot is called. */
  readonly robot: string;
  /** Occurrences that are kept; beyond, the oldest that are over are forgotten. */
  readonly maxOccurrences: number;
  /** Hears what became of incidents, once it is on disk. */
  readonly onNews: (news: IncidentChanged) => void;
}

/** The incidents, made of what is told of faults; what they are made of is on disk before anybody hears of it. */
export interface IncidentBook {
  readonly entries: IncidentEntries;
  /** How far the log of each gateway was read. */
  readonly cursors: ReadonlyMap<Origin, number>;
  /** An occurrence as far as it is known; `undefined` for one that is not. */
  known(occurrence: Occurrence): Occurrence | undefined;
  /** Takes what is told of occurrences, each as a whole or in part, and up to which event of a log that is. */
  tell(told: readonly Occurrence[], read?: { readonly origin: Origin; readonly id: number }): void;
  /** Writes down what people say. Rejects with a `StoreError` where that is not on disk. */
  record(records: readonly IncidentRecord[]): Promise<void>;
  /** Resolves when all that was told is grouped and on disk, or could not be written, which is told. */
  settled(): Promise<void>;
  close(): Promise<void>;
}

/** Rejects with a `StoreError` where what is kept cannot be read. */
export async function openIncidentBook(options: IncidentBookOptions): Promise<IncidentBook> {
  const { database, clock, log, robot, maxOccurrences, onNews } = options;
  const kept = await readIncidents(database);
  const occurrences = new Map(kept.occurrences.map((each) => [occurrenceKey(each), each]));
  let records = kept.records;
  const cursors = new Map(kept.cursors);
  const entriesOf = (before?: IncidentEntries): IncidentEntries =>
    incidentEntries({ occurrences: [...occurrences.values()], records, robot, before });
  let entries = entriesOf();
  /** What is in memory and not on disk yet. */
  const changed = new Map<string, Occurrence>();
  const readTo = new Map<Origin, number>();
  let timer: Timer | undefined;
  let leisureMs = 0;
  let writing: Promise<void> = Promise.resolve();
  let isFailing = false;
  let closed = false;

  const schedule = (ms: number): void => {
    if (closed) return;
    timer ??= clock.after(ms, () => {
      timer = undefined;
      void settle();
    });
  };
  /** One after the other, so that news come in the order of what they tell. */
  const settle = (said: readonly IncidentRecord[] = []): Promise<void> => {
    const settling = writing.then(() => write(said));
    writing = settling.catch(() => undefined);
    return settling.catch((error: unknown) => {
      if (said.length > 0 || !(error instanceof StoreError)) throw error;
    });
  };
  const write = async (said: readonly IncidentRecord[]): Promise<void> => {
    if (changed.size === 0 && readTo.size === 0 && said.length === 0) return;
    const beganMs = clock.monotonicMs();
    const forgotten = outnumbered(occurrences, maxOccurrences);
    const written = new Map(changed);
    const read = new Map(readTo);
    changed.clear();
    readTo.clear();
    try {
      const gone = new Set(forgotten);
      const kept = [...written.values()].filter((each) => !gone.has(occurrenceKey(each)));
      const statements = changeStatements({ occurrences: kept, forgotten, records: said, cursors: read });
      await (await database.store()).write(statements);
      if (isFailing) log('info', 'incidents are written down again');
      isFailing = false;
      for (const key of forgotten) occurrences.delete(key);
      records = [...records.filter(({ key }) => !gone.has(key)), ...said];
    } catch (error) {
      // Nothing is lost: it waits for the next time, behind what was told since.
      for (const [key, occurrence] of written) if (!changed.has(key)) changed.set(key, occurrence);
      for (const [origin, id] of read) readTo.set(origin, Math.max(id, readTo.get(origin) ?? 0));
      if (!isFailing) log('error', `incidents cannot be written down, which is tried again: ${messageOf(error)}`);
      isFailing = true;
      schedule(RETRY_MS);
      throw error;
    }
    const before = entries;
    entries = entriesOf(before);
    leisureMs = (clock.monotonicMs() - beganMs) * LEISURE;
    for (const news of newsBetween(before, entries, clock.wallMs())) onNews(news);
  };

  return {
    get entries() {
      return entries;
    },
    cursors,
    known: (occurrence) => occurrences.get(occurrenceKey(occurrence)),
    tell: (told, read) => {
      for (const each of told) {
        const key = occurrenceKey(each);
        const known = occurrences.get(key);
        const now = known ? joinedFacts(known, each) : each;
        if (now === known) continue;
        occurrences.set(key, now);
        changed.set(key, now);
      }
      if (read && read.id !== cursors.get(read.origin)) {
        cursors.set(read.origin, read.id);
        readTo.set(read.origin, read.id);
      }
      if (changed.size > 0 || readTo.size > 0) schedule(Math.max(COALESCE_MS, leisureMs));
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

/** Keys of the oldest that are over, where there are too many. */
function outnumbered(occurrences: ReadonlyMap<string, Occurrence>, max: number): readonly string[] {
  if (occurrences.size <= max) return [];
  const over = [...occurrences.values()].filter((each) => endOf(each) !== undefined).sort(byStart);
  // A tenth more, so that it is not done with each that comes.
  return over.slice(0, occurrences.size - Math.floor(max * 0.9)).map(occurrenceKey);
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
