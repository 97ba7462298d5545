import type { Write } from '../engine/writer.ts';
import { isPositional, sizeOf } from '../sql/values.ts';
import type { Statement } from '../store.ts';

/** Size of a record without its texts, in bytes. */
const RECORD_BYTES = 64;

/** Approximate size in bytes of a statement sent to the writer. */
export function statementSize({ sql, parameters = [] }: Statement): number {
  const values = isPositional(parameters) ? parameters : Object.values(parameters);
  return values.reduce((sum: number, value) => sum + sizeOf(value), sql.length);
}

/** Approximate size in bytes of a write sent to the writer. */
export function writeSize({ statements, records: { events = [], audit = [] } }: Write): number {
  let bytes = RECORD_BYTES;
  for (const statement of statements) bytes += statementSize(statement);
  for (const { payload } of events) bytes += RECORD_BYTES + payload.length;
  for (const { sourceId, description } of audit) bytes += RECORD_BYTES + sourceId.length + description.length;
  return bytes;
}
