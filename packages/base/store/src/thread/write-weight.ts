import type { Write } from '../engine/writer.ts';
import { isPositional, weightOf } from '../sql/values.ts';
import type { Statement } from '../store.ts';

/** What a record weighs beside its texts, octets. */
const RECORD_BYTES = 64;

/** About what a statement weighs on its way to the writer, octets. */
export function statementWeight({ sql, parameters = [] }: Statement): number {
  const values = isPositional(parameters) ? parameters : Object.values(parameters);
  return values.reduce((sum: number, value) => sum + weightOf(value), sql.length);
}

/** About what a write weighs on its way to the writer, octets. */
export function writeWeight({ statements, records: { events = [], audit = [] } }: Write): number {
  let bytes = RECORD_BYTES;
  for (const statement of statements) bytes += statementWeight(statement);
  for (const { payload } of events) bytes += RECORD_BYTES + payload.length;
  for (const { sourceId, description } of audit) bytes += RECORD_BYTES + sourceId.length + description.length;
  return bytes;
}
