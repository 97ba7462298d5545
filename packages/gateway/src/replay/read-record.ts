import { statSync } from 'node:fs';
import { join } from 'node:path';
import { FAULT_TABLES } from '@medkit/faults';
import {
  MAX_REPLAYED_EVENTS,
  occurrenceOfRow,
  REPORT_RUNS,
  type RecordedOccurrence,
  type ReportRun,
  recordedEvents,
  reportRunOf,
  type TimedEvent,
} from '@medkit/faults/replay';
import { readIncidents } from '@medkit/incidents';
import { type ReadFile, type Row, readDatabaseFile, StoreUnavailable } from '@medkit/store';
import { GATEWAY_TABLES } from '../gateway-database.ts';
import type { RecordedIncidents } from './replayed-incidents.ts';

/** Everything that a replay reads from a data folder. */
export interface FolderRecord {
  readonly events: readonly TimedEvent[];
  /** The stored occurrences of faults, to compare the replay with. */
  readonly occurrences: readonly RecordedOccurrence[];
  readonly incidents: RecordedIncidents;
  /** Rows that could not be read. */
  readonly damaged: number;
  /** True if the oldest events were left out, see `MAX_REPLAYED_EVENTS`. */
  readonly isCut: boolean;
}

export interface RecordFiles {
  /** Absolute. */
  readonly dataFolder: string;
  /** The fault database; in the data folder unless configured. */
  readonly faultDatabase: string;
}

/** Rows per read: the size of one result is bounded. */
const PAGE = 1000;
const OCCURRENCES = `SELECT * FROM occurrences WHERE (fault_code, number) > (?, ?) ORDER BY fault_code, number LIMIT ?`;
const NO_INCIDENTS: RecordedIncidents = { occurrences: [], records: [] };

/**
 * Reads a data folder without changing it. Rejects with a `StoreError`, such as `StoreUnavailable` if there is no
 * record of reports.
 * @param maxEvents beyond it, the newest count
 */
export async function readRecord(
  { dataFolder, faultDatabase }: RecordFiles,
  maxEvents = MAX_REPLAYED_EVENTS,
): Promise<FolderRecord> {
  const lockPath = join(dataFolder, 'gateway.lock');
  const faults = { path: faultDatabase, lockPath, migrations: FAULT_TABLES };
  const { runs, damaged, occurrences } = await readDatabaseFile(faults, (read) => readFaults(read, faultDatabase));
  const path = join(dataFolder, 'gateway.db');
  // A gateway that never stored anything but faults has no such file.
  const incidents = statSync(path, { throwIfNoEntry: false })?.isFile()
    ? await readDatabaseFile({ path, lockPath, migrations: GATEWAY_TABLES }, readStoredIncidents)
    : NO_INCIDENTS;
  return { ...recordedEvents(runs, maxEvents), occurrences, incidents, damaged };
}

/** Returns whether a database has a table. */
export const hasTable = (read: ReadFile, name: string): boolean =>
  read('SELECT 1 FROM sqlite_master WHERE name = ?', [name]).length > 0;

function readFaults(read: ReadFile, path: string) {
  if (!hasTable(read, 'report_runs')) {
    throw new StoreUnavailable(
      `${path} has no record of reports, because an earlier version of medkit wrote it: start this version with the folder, and replay what it records from then on`,
    );
  }
  const runs: ReportRun[] = [];
  let damaged = 0;
  let rows: readonly Row[] = [];
  let after = 0;
  do {
    rows = read(REPORT_RUNS, [after, PAGE]);
    for (const row of rows) {
      const run = reportRunOf(row);
      if (run) runs.push(run);
      else damaged += 1;
    }
    after = Number(rows.at(-1)?.id ?? after);
  } while (rows.length === PAGE);
  return { runs, damaged, occurrences: readOccurrences(read) };
}

function readOccurrences(read: ReadFile): readonly RecordedOccurrence[] {
  const found: RecordedOccurrence[] = [];
  let rows: readonly Row[] = [];
  do {
    const last = found.at(-1);
    rows = read(OCCURRENCES, [last?.faultCode ?? '', last?.number ?? 0, PAGE]);
    found.push(...rows.map(occurrenceOfRow));
  } while (rows.length === PAGE);
  return found;
}

async function readStoredIncidents(read: ReadFile): Promise<RecordedIncidents> {
  if (!hasTable(read, 'incident_occurrences')) return NO_INCIDENTS;
  return readIncidents({
    exists: async () => true,
    store: async () => ({ read: async (sql, parameters) => read(sql, parameters) }),
  });
}
