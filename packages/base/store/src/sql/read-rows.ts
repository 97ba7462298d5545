import type { SQLOutputValue } from 'node:sqlite';
import { TooManyRows } from '../errors.ts';
import type { PreparedStatement } from './prepared-statements.ts';
import type { Parameters, Row, SqlValue } from './values.ts';
import { boundParameters, fromSql, sizeOf } from './values.ts';

/**
 * Maximum rows and bytes of one result, which is held in memory completely, and twice while it crosses between threads.
 */
export const MAX_ROWS = 10_000;
export const MAX_BYTES = 32 * 1024 * 1024;

export const tooManyRows = `a read matches more than ${MAX_ROWS} rows or ${MAX_BYTES / 1024 ** 2} MiB: read it in pages with LIMIT and a key`;

/** Runs a prepared statement and returns its rows. Throws `TooManyRows` if there are more than a result may hold. */
export function readRows({ statement, columns }: PreparedStatement, parameters?: Parameters): Row[] {
  const rows: Row[] = [];
  let bytes = 0;
  // Leaving the loop early resets the statement.
  for (const values of statement.iterate(...(boundParameters(parameters) as []))) {
    const row: Record<string, SqlValue> = {};
    for (let index = 0; index < columns.length; index += 1) {
      const value = fromSql((values as unknown as readonly SQLOutputValue[])[index]);
      row[columns[index]] = value;
      bytes += sizeOf(value);
    }
    rows.push(row);
    if (rows.length > MAX_ROWS || bytes > MAX_BYTES) {
      throw new TooManyRows(tooManyRows);
    }
  }
  return rows;
}
