import type { Row, Statement } from '@medkit/store';
import { nanoseconds } from '../storage/fault-row.ts';
import type { LogLine } from './log-source.ts';
import type { LogWindow } from './log-window.ts';

type StoredLine = readonly [atNs: string, severity: string, logger: string, message: string];

const textOf = (lines: readonly LogLine[]): string =>
  JSON.stringify(
    lines.map(({ atNs, ...line }): StoredLine => [String(atNs), line.severity, line.logger, line.message]),
  );

/**
 * Returns the statements that add a window of an existing fault, unless the fault is cleared and captures do not
 * survive a clear. Windows between the first and this one are removed.
 */
export function openLogWindow(window: LogWindow, outlivesClear: boolean): readonly Statement[] {
  const { faultCode, occurrence, fromNs, toNs, lines, omitted } = window;
  return [
    {
      sql: `INSERT OR REPLACE INTO log_windows (fault_code, occurrence, from_ns, to_ns, lines, omitted)
            SELECT fault_code, :occurrence, :from, :to, :lines, :omitted FROM faults
            WHERE fault_code = :code AND (status <> 'CLEARED' OR :outlives)`,
      parameters: {
        code: faultCode,
        occurrence,
        from: fromNs,
        to: toNs,
        lines: textOf(lines),
        omitted,
        outlives: outlivesClear ? 1 : 0,
      },
    },
    {
      sql: `DELETE FROM log_windows WHERE fault_code = :code AND occurrence NOT IN (
              SELECT min(occurrence) FROM log_windows WHERE fault_code = :code
              UNION ALL SELECT max(occurrence) FROM log_windows WHERE fault_code = :code)`,
      parameters: { code: faultCode },
    },
  ];
}

/** Returns the statement that updates an existing window with later lines. */
export function closeLogWindow({ faultCode, occurrence, toNs, lines, omitted }: LogWindow): Statement {
  return {
    sql: 'UPDATE log_windows SET to_ns = ?, lines = ?, omitted = ? WHERE fault_code = ? AND occurrence = ?',
    parameters: [toNs, textOf(lines), omitted, faultCode, occurrence],
  };
}

export function logWindowOfRow(row: Row): LogWindow {
  const lines: readonly StoredLine[] = JSON.parse(String(row.lines));
  return {
    faultCode: String(row.fault_code),
    occurrence: Number(row.occurrence),
    fromNs: nanoseconds(row.from_ns),
    toNs: nanoseconds(row.to_ns),
    lines: lines.map(([atNs, severity, logger, message]) => ({ atNs: BigInt(atNs), severity, logger, message })),
    omitted: Number(row.omitted),
  };
}
