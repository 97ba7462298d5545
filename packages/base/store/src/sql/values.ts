import type { SQLInputValue, SQLOutputValue } from 'node:sqlite';

/** A column value. An integer is a number if that is exact and a bigint otherwise, for reads and writes. */
export type SqlValue = null | number | bigint | string | Uint8Array;

/** Values of a statement: by position for `?`, by bare name for `:name`. */
export type Parameters = readonly SqlValue[] | Readonly<Record<string, SqlValue>>;

/** One row, by column name. */
export type Row = Readonly<Record<string, SqlValue>>;

/** Converts a safe integer to a bigint, because node:sqlite would bind a number as floating point. */
function bound(value: SqlValue): SQLInputValue {
  return typeof value === 'number' && Number.isSafeInteger(value) ? BigInt(value) : value;
}

/** Arguments for `run` and `iterate` of a prepared statement. */
export function boundParameters(parameters: Parameters = []): [Record<string, SQLInputValue>] | SQLInputValue[] {
  if (isPositional(parameters)) return parameters.map(bound);
  return [Object.fromEntries(Object.entries(parameters).map(([name, value]) => [name, bound(value)]))];
}

/** Converts a value read with big integers: to a number if that is exact. */
export function fromSql(value: SQLOutputValue): SqlValue {
  if (typeof value !== 'bigint') return value;
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : value;
}

/** Approximate size in bytes of a value that crosses between threads. */
export function sizeOf(value: SqlValue): number {
  if (typeof value === 'string') return 8 + value.length;
  return value instanceof Uint8Array ? 8 + value.byteLength : 8;
}

export const isPositional = (parameters: Parameters): parameters is readonly SqlValue[] => Array.isArray(parameters);
