import { fromSql, type SqlValue } from '../sql/values.ts';

/** Type numbers of pg_type that are not returned as text. */
const BOOLEAN = 16;
const BYTES = 17;
const INTEGERS = [20, 21, 23, 26];
const FLOATS = [700, 701];
const NUMERIC = 1700;

/** Returns the function that converts the text of a column of a type to the value that SQLite returns for it. */
export function valueParser(type: number): (text: string) => SqlValue {
  if (INTEGERS.includes(type)) return (text) => fromSql(BigInt(text));
  if (FLOATS.includes(type)) return Number;
  if (type === BOOLEAN) return (text) => (text === 't' ? 1 : 0);
  if (type === BYTES) return (text) => new Uint8Array(Buffer.from(text.slice('\\x'.length), 'hex'));
  // The sum of integers has this type.
  if (type === NUMERIC) return (text) => (/^-?\d+$/.test(text) ? wholeNumber(text) : Number(text));
  return (text) => text;
}

function wholeNumber(text: string): SqlValue {
  const value = BigInt(text);
  return BigInt.asIntN(64, value) === value ? fromSql(value) : Number(text);
}
