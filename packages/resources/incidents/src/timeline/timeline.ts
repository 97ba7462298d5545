import type { TimelineKind } from '@medkit/contract';
import type { Log } from '@medkit/core';
import { type Clock, Quota, type QuotaFigures, type Timer } from '@medkit/edges';
import type { IncidentEntry } from '../book/incident-entry.ts';
import { endOf } from '../occurrence/occurrence.ts';
import type { IncidentDatabase } from '../storage/incident-storage.ts';
import { incidentRows } from './incident-rows.ts';
import type { TimelineEntry, TimelineSpan } from './timeline-entry.ts';
import { dropRows, readRows, writeRows } from './timeline-storage.ts';

/** How far the timeline of an incident extends before its start and after its end. */
const AROUND_MS = 30_000;
/**
 * How long after the last change of an incident log lines are still stored: an incident that lasts for days would fill
 * the disk.
 */
const LOGS_MS = 600_000;
/** Maximum stored log lines per second; a single logger may use half of them. */
const MAX_LINES_PER_SECOND = 100;
/** Rows buffered in memory without an incident: a new incident includes the rows of the last half minute. */
const MAX_RECENT = 2000;
const WRITE_MS = 250;
/** Maximum rows on disk, checked after every 1000 written rows. */
const MAX_ROWS = 100_000;
const LOOK_EVERY = 1000;

export interface TimelineOptions {
  readonly database: IncidentDatabase;
  readonly clock: Clock;
  readonly log: Log;
}

/** Stores what happens around incidents, as far as nothing else stores it. */
export interface Timeline {
  /** Adds a row. It is written to disk if there is an incident now or soon. */
  add(entry: TimelineEntry): void;
  /** Writes rows of earlier events to disk; existing rows stay unchanged. */
  enter(entries: readonly TimelineEntry[]): Promise<void>;
  /** Updates the incidents, which decides which rows are written. */
  heed(entries: readonly IncidentEntry[]): void;
  /** Returns the rows of an incident, in any order. Rejects with a `StoreError`. */
  of(
    entry: IncidentEntry,
    kinds: readonly TimelineKind[],
    span?: Partial<TimelineSpan>,
  ): Promise<readonly TimelineEntry[]>;
  /** Writes pending rows to disk. */
  close(): Promise<void>;
  /** Counts of the log lines of the current second, by logger. */
  figures(): QuotaFigures;
}

/** Returns the time range of an incident's timeline, without an end while the incident is active. */
export function timelineSpan({ group, beganMs }: IncidentEntry): TimelineSpan {
  const ends = group.members.map(({ occurrence }) => endOf(occurrence) ?? Number.POSITIVE_INFINITY);
  const firstMs = Math.min(
    beganMs,
    ...group.members.map(({ occurrence }) => Date.parse(occurrence.crossing?.at ?? '') || beganMs),
  );
  return { fromMs: firstMs - AROUND_MS, toMs: Math.max(...ends) + AROUND_MS };
}

/** Returns when a fault of the incident last began or ended. */
function changedMs({ group }: IncidentEntry): number {
  return Math.max(...group.members.map(({ occurrence }) => endOf(occurrence) ?? occurrence.beganMs));
}

export function openTimeline({ database, clock, log }: TimelineOptions): Timeline {
  let recent: TimelineEntry[] = [];
  let pending: TimelineEntry[] = [];
  /** End of the latest active timeline; in the past if there is no incident. */
  let untilMs = Number.NEGATIVE_INFINITY;
  /** The same for log lines. */
  let linesUntilMs = Number.NEGATIVE_INFINITY;
  let secondBeganMs = 0;
  const lines = new Quota(MAX_LINES_PER_SECOND);
  let timer: Timer | undefined;
  let writing: Promise<void> = Promise.resolve();
  let written = 0;
  let isFailing = false;
  let closed = false;

  const write = async (): Promise<void> => {
    const entries = pending;
    pending = [];
    if (entries.length === 0) return;
    try {
      await writeRows(database, entries);
      written += entries.length;
      if (written >= LOOK_EVERY) {
        written = 0;
        await dropRows(database, MAX_ROWS);
      }
      isFailing = false;
    } catch (error) {
      if (!isFailing) log('warn', `current events are missing in the timelines of incidents: ${String(error)}`);
      isFailing = true;
    }
  };
  const flush = (): Promise<void> => {
    writing = writing.then(write);
    return writing;
  };
  const enter = (entries: readonly TimelineEntry[]): void => {
    // Ignores rows while the gateway stops: they belong to no incident and must not create the file again.
    if (closed) return;
    pending.push(...entries);
    if (pending.length > 0)
      timer ??= clock.after(WRITE_MS, () => {
        timer = undefined;
        void flush();
      });
  };

  /** Returns the quota of the current second. */
  const linesAt = (nowMs: number): Quota => {
    if (nowMs - secondBeganMs >= 1000) {
      secondBeganMs = nowMs;
      lines.clear();
    }
    return lines;
  };

  return {
    figures: () => linesAt(clock.wallMs()).figures(),
    add: (entry) => {
      const nowMs = clock.wallMs();
      const isLine = entry.row.kind === 'log';
      if (isLine && !linesAt(nowMs).take(`${entry.row.origin} ${entry.row.item}`)) return;
      if (nowMs <= (isLine ? linesUntilMs : untilMs)) {
        enter([entry]);
        return;
      }
      recent.push(entry);
      if (recent.length > 2 * MAX_RECENT) recent = recent.slice(-MAX_RECENT);
    },
    enter: (entries) => {
      pending.push(...entries);
      return flush();
    },
    heed: (entries) => {
      const nowMs = clock.wallMs();
      const spans = entries.map(timelineSpan).filter(({ toMs }) => toMs >= nowMs);
      untilMs = Math.max(Number.NEGATIVE_INFINITY, ...spans.map(({ toMs }) => toMs));
      linesUntilMs = Math.min(untilMs, Math.max(Number.NEGATIVE_INFINITY, ...entries.map(changedMs)) + LOGS_MS);
      if (spans.length === 0) return;
      const fromMs = Math.min(...spans.map((span) => span.fromMs));
      enter(recent.filter(({ atMs }) => atMs >= fromMs));
      recent = [];
    },
    of: async (entry, kinds, span) => {
      timer?.cancel();
      timer = undefined;
      await flush();
      const whole = { ...timelineSpan(entry), ...span };
      const toMs = Math.min(whole.toMs, Number.MAX_SAFE_INTEGER);
      const stored = await readRows(database, { fromMs: whole.fromMs, toMs }, kinds);
      return [...incidentRows(entry, kinds, span), ...stored];
    },
    close: async () => {
      closed = true;
      timer?.cancel();
      await flush();
    },
  };
}
