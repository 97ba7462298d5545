import type { FaultSeverity } from '@medkit/core';
import type { Migration, Row, Statement } from '@medkit/store';
import { isSeverity } from '../fault/severity.ts';
import type { ReportLogEnd } from '../report-log/report-recorder.ts';
import { MAX_RUNS, MAX_RUNS_PER_FAULT, type RecordedEvent, type ReportRun } from '../report-log/report-run.ts';
import { faultOfStored, storedFaultOf } from './fault-event.ts';
import { nanoseconds } from './fault-row.ts';

/** The processed reports, clears and starts, from which `medkit replay` computes what other rules would have done. */
export const REPORT_TABLES: Migration = [
  `CREATE TABLE report_runs (
     id INTEGER PRIMARY KEY, segment INTEGER NOT NULL, fault_code TEXT NOT NULL, kind TEXT NOT NULL,
     source_id TEXT NOT NULL, source_runtime TEXT, condition_key TEXT, severity INTEGER,
     start_ns INTEGER NOT NULL, times BLOB NOT NULL, more INTEGER NOT NULL, until_ns INTEGER NOT NULL,
     state_before TEXT
   )`,
  'CREATE INDEX idx_report_runs_fault_code ON report_runs (fault_code, id)',
];

/** How many runs are removed together when there are too many of all faults. */
const REMOVED_TOGETHER = 1000;

/** A clear that includes the symptoms; stored as the kind of the event. */
const CASCADE = 'clear_cascade';

/** Returns the statements that write a run and remove those beyond the bounds. */
export function putReportRun(run: ReportRun): readonly Statement[] {
  const { id, segment, event, startNs, times, more, untilNs, before } = run;
  const { code, kind, source } = event;
  const isReport = event.kind === 'failed' || event.kind === 'passed';
  return [
    {
      sql: `INSERT INTO report_runs
              (id, segment, fault_code, kind, source_id, source_runtime, condition_key, severity, start_ns, times, more,
               until_ns, state_before)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            ON CONFLICT (id) DO UPDATE SET
              times = excluded.times, more = excluded.more, until_ns = excluded.until_ns`,
      parameters: [
        id,
        segment,
        code,
        event.kind === 'clear' && event.cascade ? CASCADE : kind,
        source,
        (isReport && event.runtime) || null,
        isReport && event.condition !== undefined ? event.condition : null,
        isReport && event.severity !== undefined ? event.severity : null,
        startNs,
        times,
        more,
        untilNs,
        before === undefined ? null : before === null ? '' : JSON.stringify(storedFaultOf(before)),
      ],
    },
    ...(before === undefined ? [] : [trimOfFault(code)]),
    ...(id % REMOVED_TOGETHER === 0
      ? [{ sql: 'DELETE FROM report_runs WHERE id <= ?', parameters: [id - MAX_RUNS] }]
      : []),
  ];
}

/** Removes the runs of a fault before the newest run with a state and `MAX_RUNS_PER_FAULT` successors. */
function trimOfFault(code: string): Statement {
  return {
    sql: `DELETE FROM report_runs WHERE fault_code = :code AND id < (
            SELECT max(id) FROM report_runs WHERE fault_code = :code AND state_before IS NOT NULL AND id <= (
              SELECT id FROM report_runs WHERE fault_code = :code ORDER BY id DESC LIMIT 1 OFFSET :bound))`,
    parameters: { code, bound: MAX_RUNS_PER_FAULT },
  };
}

export const REPORT_LOG_END =
  'SELECT coalesce(max(id), 0) AS id, coalesce(max(segment), 0) AS segment FROM report_runs';

export function reportLogEndOf(rows: readonly Row[]): ReportLogEnd {
  return { id: Number(rows[0]?.id ?? 0), segment: Number(rows[0]?.segment ?? 0) };
}

/** Reads up to `?` runs with an id above `?`, in the order of their ids. */
export const REPORT_RUNS = 'SELECT * FROM report_runs WHERE id > ? ORDER BY id LIMIT ?';

/** Converts a row to a run. Returns `undefined` for a damaged row. */
export function reportRunOf(row: Row): ReportRun | undefined {
  const event = eventOf(row);
  if (event === undefined || !(row.times instanceof Uint8Array)) return undefined;
  try {
    const state = row.state_before;
    return {
      id: Number(row.id),
      segment: Number(row.segment),
      event,
      startNs: nanoseconds(row.start_ns),
      times: row.times,
      more: Math.max(0, Number(row.more)),
      untilNs: nanoseconds(row.until_ns),
      ...(state !== null && { before: state === '' ? null : faultOfStored(JSON.parse(String(state))) }),
    };
  } catch {
    // Another program changed the row; the other rows are still used.
    return undefined;
  }
}

function eventOf(row: Row): RecordedEvent | undefined {
  const [code, source, kind] = [String(row.fault_code), String(row.source_id), String(row.kind)];
  const severity = Number(row.severity);
  switch (kind) {
    case 'start':
      return { kind, code: '', source: '' };
    case 'clear':
    case CASCADE:
      return { kind: 'clear', code, source, cascade: kind === CASCADE };
    case 'failed':
    case 'passed':
      if (kind === 'failed' && !isSeverity(severity)) return undefined;
      return {
        kind,
        code,
        source,
        ...(row.source_runtime !== null && { runtime: String(row.source_runtime) }),
        ...(row.condition_key !== null && { condition: String(row.condition_key) }),
        ...(kind === 'failed' && { severity: severity as FaultSeverity }),
      };
    default:
      return undefined;
  }
}
