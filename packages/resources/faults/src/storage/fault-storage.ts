import type { Fault, FaultEvent, FaultEventPage, FaultEventQuery } from '@medkit/core';
import type { Row, Statement, Store } from '@medkit/store';
import type { NearMiss } from '../near-misses/near-miss.ts';
import type { Occurrence } from '../occurrences/occurrence.ts';
import type { ReportLogEnd } from '../report-log/report-recorder.ts';
import { enqueueRecord } from './audit-outbox.ts';
import type { FaultChange } from './fault-change.ts';
import { decodeFaultEvent, encodeFaultEvent, isFaultEvent, storedEventOf } from './fault-event.ts';
import { faultOf, putFault } from './fault-row.ts';
import { appendNearMiss, nearMissOfRow, trimNearMisses } from './near-miss-rows.ts';
import { occurrenceOfRow, putOccurrence } from './occurrence-rows.ts';
import { putPendingCapture, removePending, removePendingOf } from './pending-capture-rows.ts';
import { putReportRun, REPORT_LOG_END, reportLogEndOf } from './report-rows.ts';

/** The faults loaded at the start. */
export interface StoredFaults {
  /** By code. */
  readonly faults: readonly Fault[];
  /** Damaged rows that are left out; a text for each. */
  readonly problems: readonly string[];
}

/** Persistent storage of faults. All calls reject with the `StoreError` of the store. */
export interface FaultStorage {
  faults(): Promise<StoredFaults>;
  /**
   * Writes a change, and returns its events with their numbers once it is on disk. Changes are written in order; a
   * refusal may come immediately.
   */
  save(change: FaultChange): Promise<readonly FaultEvent[]>;
  /** Returns the near misses of a code, oldest first. */
  nearMisses(code: string): Promise<readonly NearMiss[]>;
  /** Returns the stored occurrences of a code, oldest first. */
  occurrences(code: string): Promise<readonly Occurrence[]>;
  /** Applies the bound to near misses written with another bound; returns the number of removed rows. */
  trimNearMisses(): Promise<number>;
  /** Returns up to `limit` events with a number above `id`. */
  eventsAfter(id: number, limit: number): Promise<FaultEventPage>;
  eventsOf(query: FaultEventQuery): Promise<FaultEventPage>;
  /** Returns the end of the report log, at which a new process continues. */
  reportLogEnd(): Promise<ReportLogEnd>;
}

/** SQL conditions of the event types in the log. */
const IS_OF_TYPE: Readonly<Record<FaultEventQuery['types'][number], string>> = {
  fault_confirmed: "type = 'fault_confirmed'",
  fault_updated: "type = 'fault_updated'",
  fault_cleared: "type = 'fault_cleared'",
  fault_healed: "type = 'fault_cleared' AND json_extract(payload, '$.fault.status') = 'HEALED'",
};

/** Rows per read; the store returns at most 10,000. */
const PAGE = 1000;

const CODED_TABLES = [
  'faults',
  'near_misses',
  'occurrences',
  'snapshots',
  'log_windows',
  'freeze_frames',
  'rosbag_files',
] as const;

const remove = (table: string, code: string): Statement => ({
  sql: `DELETE FROM ${table} WHERE fault_code = ?`,
  parameters: [code],
});

function statementsOf(change: FaultChange, nearMissBound: number): readonly Statement[] {
  const { faults, nearMisses = [], occurrences = [], pending = [], evidence = [] } = change;
  const { withoutSnapshots = [], withoutPending = [], forgotten = [], audit = [], reports = [] } = change;
  return [
    ...forgotten.flatMap((code) => [...CODED_TABLES.map((table) => remove(table, code)), ...removePendingOf(code)]),
    ...withoutSnapshots.flatMap((code) => [
      remove('snapshots', code),
      remove('log_windows', code),
      ...removePendingOf(code),
    ]),
    ...withoutPending.flatMap(removePending),
    ...faults.map(putFault),
    ...nearMisses.flatMap((nearMiss) => appendNearMiss(nearMiss, nearMissBound)),
    ...occurrences.flatMap(putOccurrence),
    ...pending.flatMap(putPendingCapture),
    ...evidence,
    ...audit.flatMap(enqueueRecord),
    ...reports.flatMap(putReportRun),
  ];
}

/**
 * Creates the storage in a store opened with `FAULT_TABLES`.
 * @param nearMissBound maximum near misses of each code; 0 for no limit
 */
export function faultStorage(store: Store, nearMissBound: number): FaultStorage {
  return {
    faults: async () => {
      const faults: Fault[] = [];
      const problems: string[] = [];
      let after = '';
      let rows: readonly Row[];
      do {
        rows = await store.read('SELECT * FROM faults WHERE fault_code > ? ORDER BY fault_code LIMIT ?', [after, PAGE]);
        after = String(rows.at(-1)?.fault_code);
        for (const row of rows) {
          const fault = faultOf(row);
          if (typeof fault === 'string') problems.push(fault);
          else faults.push(fault);
        }
      } while (rows.length === PAGE);
      return { faults, problems };
    },
    save: async (change) => {
      const { events = [] } = change;
      const { eventIds } = await store.write(statementsOf(change, nearMissBound), {
        events: events.map(encodeFaultEvent),
      });
      return events.map(({ cause: _, ...event }, index) => ({ ...event, id: eventIds[index] }));
    },
    nearMisses: async (code) => {
      const series: NearMiss[] = [];
      let lastId = 0;
      let rows: readonly Row[];
      do {
        const sql = 'SELECT * FROM near_misses WHERE fault_code = ? AND id > ? ORDER BY id LIMIT ?';
        rows = await store.read(sql, [code, lastId, PAGE]);
        series.push(...rows.map(nearMissOfRow));
        lastId = Number(rows.at(-1)?.id);
      } while (rows.length === PAGE);
      return series;
    },
    occurrences: async (code) => {
      const rows = await store.read('SELECT * FROM occurrences WHERE fault_code = ? ORDER BY number', [code]);
      return rows.map(occurrenceOfRow);
    },
    trimNearMisses: async () => {
      if (nearMissBound === 0) return 0;
      const { results } = await store.write([trimNearMisses(nearMissBound)]);
      return results[0].changes;
    },
    reportLogEnd: async () => reportLogEndOf(await store.read(REPORT_LOG_END)),
    eventsAfter: async (id, limit) => {
      const page = await store.eventsAfter(id, limit);
      return { ...page, events: page.events.filter(isFaultEvent).map(decodeFaultEvent) };
    },
    eventsOf: async ({ types, limit, after }) => {
      const { oldestId, newestId } = await store.eventsAfter(0, 0);
      if (types.length === 0) return { events: [], oldestId, newestId };
      const order = after === undefined ? 'DESC' : 'ASC';
      const isWanted = types.map((type) => `(${IS_OF_TYPE[type]})`).join(' OR ');
      const sql = `SELECT * FROM events WHERE id > ? AND id <= ? AND (${isWanted}) ORDER BY id ${order} LIMIT ?`;
      const rows = await store.read(sql, [after ?? 0, newestId, Math.max(0, Math.min(limit, PAGE))]);
      const inOrder = after === undefined ? rows.toReversed() : rows;
      const events = inOrder.map(storedEventOf).filter(isFaultEvent).map(decodeFaultEvent);
      return { events, oldestId, newestId };
    },
  };
}
