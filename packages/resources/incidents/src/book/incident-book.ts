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
  /** Returns the name of the robot to which the faults of a gateway belong. */
  readonly robotOf: (origin: Origin) => string;
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
  return new StoredBook(options, await readIncidents(options.database));
}

class StoredBook implements IncidentBook {
  readonly cursors: Map<Origin, number>;
  readonly #options: IncidentBookOptions;
  readonly #occurrences: Map<string, Occurrence>;
  readonly #bound: ReturnType<typeof openFaultQuota>;
  #entries: IncidentEntries;
  #records: readonly IncidentRecord[];
  /** Occurrences that are not on disk yet, and those being written. */
  #pending = new Map<string, Occurrence>();
  #underWay: ReadonlyMap<string, Occurrence> = new Map();
  /** Positions of logs that are not on disk yet. */
  #readTo = new Map<Origin, number>();
  /** Ended occurrences that began before this time were removed, and are not added again. */
  #forgottenMs = Number.NEGATIVE_INFINITY;
  #timer: Timer | undefined;
  #leisureMs = 0;
  #writing: Promise<void> = Promise.resolve();
  #isFailing = false;
  #isClosed = false;

  constructor(options: IncidentBookOptions, stored: Awaited<ReturnType<typeof readIncidents>>) {
    const { clock, log, maxOccurrences } = options;
    this.#options = options;
    this.#occurrences = new Map(stored.occurrences.toSorted(byStart).map((each) => [occurrenceKey(each), each]));
    this.#records = stored.records;
    this.cursors = new Map(stored.cursors);
    this.#entries = this.#grouped();
    this.#bound = openFaultQuota({ clock, log, maxOccurrences }, this.#occurrences.values());
  }

  get entries(): IncidentEntries {
    return this.#entries;
  }

  overfull(): readonly Origin[] {
    return this.#bound.origins();
  }

  figures(): QuotaFigures {
    return this.#bound.figures();
  }

  known(occurrence: Occurrence): Occurrence | undefined {
    return this.#known(occurrenceKey(occurrence));
  }

  tell(occurrences: readonly Occurrence[], read?: { readonly origin: Origin; readonly id: number }): void {
    for (const each of occurrences) this.#add(each);
    for (const each of this.#bound.summaries()) this.#pending.set(occurrenceKey(each), each);
    if (read && read.id !== this.cursors.get(read.origin)) {
      this.cursors.set(read.origin, read.id);
      this.#readTo.set(read.origin, read.id);
    }
    if (this.#pending.size > 0 || this.#readTo.size > 0) this.#schedule(Math.max(COALESCE_MS, this.#leisureMs));
  }

  record(records: readonly IncidentRecord[]): Promise<void> {
    return this.#settle(records);
  }

  settled(): Promise<void> {
    return this.#settle();
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    this.#timer?.cancel();
    await this.#settle();
  }

  #known(key: string): Occurrence | undefined {
    return this.#pending.get(key) ?? this.#underWay.get(key) ?? this.#occurrences.get(key);
  }

  #add(occurrence: Occurrence): void {
    const key = occurrenceKey(occurrence);
    const before = this.#known(key);
    const now = mergeOccurrences(before ?? occurrence, occurrence);
    if (now === before) return;
    const isForgotten = endOf(occurrence) !== undefined && occurrence.beganMs <= this.#forgottenMs;
    if (!before && (isForgotten || !this.#bound.admits(occurrence))) return;
    this.#pending.set(key, now);
    this.#bound.count(now);
  }

  #schedule(ms: number): void {
    if (this.#isClosed) return;
    const { clock, log } = this.#options;
    this.#timer ??= clock.after(ms, () => {
      this.#timer = undefined;
      this.#settle().catch((error: unknown) =>
        log('error', `changes of incidents could not be reported: ${messageOf(error)}`),
      );
    });
  }

  /** Runs one write at a time, so that notifications keep their order. */
  #settle(records: readonly IncidentRecord[] = []): Promise<void> {
    const settling = this.#writing.then(() => this.#write(records));
    this.#writing = settling.catch(() => undefined);
    return settling.catch((error: unknown) => {
      if (records.length > 0 || !(error instanceof StoreError)) throw error;
    });
  }

  async #write(records: readonly IncidentRecord[]): Promise<void> {
    if (this.#pending.size === 0 && this.#readTo.size === 0 && records.length === 0) return;
    const { database, log, maxOccurrences: max } = this.#options;
    const added = [...this.#pending.keys()].filter((key) => !this.#occurrences.has(key)).length;
    const known = (key: string): Occurrence | undefined => this.#known(key);
    const forgotten = surplusOccurrences(this.#entries, { known, added, records: this.#records, max });
    const [taken, read] = [this.#pending, this.#readTo];
    const written = new Map([...taken].filter(([key]) => !forgotten.has(key)));
    [this.#underWay, this.#pending, this.#readTo] = [taken, new Map(), new Map()];
    try {
      await (await database.store()).write(
        changeStatements({ occurrences: [...written.values()], forgotten: [...forgotten], records, cursors: read }),
      );
    } catch (error) {
      // Nothing is lost: the data is written with the next attempt, together with later data.
      this.#pending = new Map([...taken, ...this.#pending]);
      this.#readTo = new Map([...read, ...this.#readTo]);
      if (!this.#isFailing) log('error', `incidents cannot be stored, medkit retries: ${messageOf(error)}`);
      this.#isFailing = true;
      this.#schedule(RETRY_MS);
      throw error;
    } finally {
      this.#underWay = new Map();
    }
    if (this.#isFailing) log('info', 'incidents are stored again');
    this.#isFailing = false;
    this.#take(written, forgotten, records);
    if (written.size + forgotten.size + records.length > 0) this.#regroup();
  }

  /** Takes over what was written to disk. */
  #take(
    written: ReadonlyMap<string, Occurrence>,
    forgotten: ReadonlySet<string>,
    records: readonly IncidentRecord[],
  ): void {
    for (const [key, occurrence] of written) this.#occurrences.set(key, occurrence);
    for (const key of forgotten) {
      this.#forgottenMs = Math.max(this.#forgottenMs, this.#occurrences.get(key)?.beganMs ?? this.#forgottenMs);
      this.#occurrences.delete(key);
      this.#bound.forget(key);
    }
    const replaced = new Set(
      records.flatMap((each) => (each.said.is === 'note' ? [] : [`${each.key} ${each.said.is}`])),
    );
    const stays = (each: IncidentRecord): boolean =>
      !forgotten.has(each.key) && !replaced.has(`${each.key} ${each.said.is}`);
    this.#records = [...this.#records.filter(stays), ...records];
  }

  #regroup(): void {
    const { clock, onNews } = this.#options;
    const beganMs = clock.monotonicMs();
    const before = this.#entries;
    this.#entries = this.#grouped(before);
    this.#leisureMs = (clock.monotonicMs() - beganMs) * LEISURE;
    for (const news of changesBetween(before, this.#entries, clock.wallMs())) onNews(news);
  }

  #grouped(before?: IncidentEntries): IncidentEntries {
    const { robotOf } = this.#options;
    return incidentEntries({ occurrences: [...this.#occurrences.values()], records: this.#records, robotOf, before });
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
