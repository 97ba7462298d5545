import { StatementFailed } from '../errors.ts';
import { isPositional, type Parameters, type SqlValue } from '../sql/values.ts';
import type { Translated } from './translate.ts';

/** A statement as PostgreSQL receives it. */
export interface BoundStatement {
  readonly text: string;
  readonly values: readonly (string | Buffer)[];
}

/**
 * Inserts the values of a statement. Each has the type of its JavaScript value, since PostgreSQL cannot derive the type
 * of a placeholder from everywhere; `null` is written as text. Throws `StatementFailed` for a value without SQL type.
 * @param changes rows that the previous statement of the write changed
 */
export function bind(
  { parts, holes }: Translated,
  parameters: Parameters = [],
  changes: number,
  sql: string,
): BoundStatement {
  const count = Math.max(0, ...holes.map((hole) => (typeof hole === 'object' && 'index' in hole ? hole.index + 1 : 0)));
  if (isPositional(parameters) && parameters.length > count) {
    throw new StatementFailed(`"${sql}" has ${count} placeholders, and ${parameters.length} values`);
  }
  const values: (string | Buffer)[] = [];
  const places = new Map<string | number, string>();
  const place = (value: SqlValue): string => {
    const typed = typedValue(value);
    if (typed === undefined) return 'NULL';
    values.push(typed.value);
    return `$${values.length}::${typed.type}`;
  };
  const placeOnce = (key: string | number, value: SqlValue): string => {
    const placed = places.get(key) ?? place(value);
    places.set(key, placed);
    return placed;
  };
  const text = holes.map((hole) => {
    if (hole === 'changes') return String(changes);
    if ('index' in hole) {
      if (!isPositional(parameters) || hole.index >= parameters.length) throw unbound(sql, `${hole.index + 1}`);
      return placeOnce(hole.index, parameters[hole.index]);
    }
    if (isPositional(parameters) || !(hole.name in parameters)) throw unbound(sql, `:${hole.name}`);
    return placeOnce(hole.name, parameters[hole.name]);
  });
  return { text: parts.map((part, index) => part + (text[index] ?? '')).join(''), values };
}

function typedValue(value: SqlValue): { readonly type: string; readonly value: string | Buffer } | undefined {
  // SQLite stores a number that is none as NULL.
  if (value === null || Number.isNaN(value)) return undefined;
  if (value instanceof Uint8Array) {
    return { type: 'bytea', value: Buffer.from(value.buffer, value.byteOffset, value.byteLength) };
  }
  switch (typeof value) {
    case 'number':
      return { type: Number.isSafeInteger(value) ? 'bigint' : 'double precision', value: String(value) };
    case 'bigint':
      if (BigInt.asIntN(64, value) !== value) {
        throw new StatementFailed(`the integer ${value} is too large for a column: it has more than 64 bits`);
      }
      return { type: 'bigint', value: String(value) };
    case 'string':
      return { type: 'text', value: storableText(value) };
    default:
      throw new StatementFailed(`a value of the type ${typeof value} cannot be bound: it has no SQL type`);
  }
}

/** Returns a text as PostgreSQL can hold it: a NUL character and an unpaired surrogate become U+FFFD. */
export const storableText = (text: string): string => text.toWellFormed().replaceAll('\0', '\ufffd');

const unbound = (sql: string, placeholder: string): StatementFailed =>
  new StatementFailed(`"${sql}" has no value for the placeholder ${placeholder}`);
