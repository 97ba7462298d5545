import { shortened } from '@medkit/contract/bounds';
import { namesOf } from '../forms/json-pointer.ts';

/** Maximum members and characters of a value in one line. */
const MAX_MEMBERS = 6;
const MAX_LENGTH = 80;
const DIGITS = 6;

/** Formats a number with six significant digits; integers in full. */
function formatNumber(value: number | bigint): string {
  if (typeof value === 'bigint' || Number.isInteger(value)) return String(value);
  return String(Number(value.toPrecision(DIGITS)));
}

/** Formats any value in one line: arrays by length, objects by their first members, one level deep. */
export function formatValue(value: unknown): string {
  return shortened(formatMember(value, 0), MAX_LENGTH);
}

function formatMember(value: unknown, depth: number): string {
  switch (typeof value) {
    case 'number':
    case 'bigint':
      return formatNumber(value);
    case 'string':
      return value === '' && depth > 0 ? '""' : value.slice(0, MAX_LENGTH + 1);
    case 'object':
      return value === null ? '–' : formatObject(value, depth);
    default:
      return value === undefined ? '–' : String(value);
  }
}

function formatObject(value: object, depth: number): string {
  if (Array.isArray(value)) return `[${value.length}]`;
  const { sec, nanosec } = value as { readonly sec?: unknown; readonly nanosec?: unknown };
  if (typeof sec === 'number' && typeof nanosec === 'number' && Object.keys(value).length === 2) {
    return `${(sec + nanosec / 1e9).toFixed(2)} s`;
  }
  if (depth > 1) return '{…}';
  const all = Object.keys(value);
  // Stamp and frame are the least informative members.
  const informative = all.filter((name) => name !== 'header' && name !== 'stamp');
  const names = informative.length > 0 ? informative : all;
  const parts = names.slice(0, MAX_MEMBERS).map((name) => {
    return `${name.slice(0, MAX_LENGTH)} ${formatMember((value as Readonly<Record<string, unknown>>)[name], depth + 1)}`;
  });
  return `${parts.join(', ')}${names.length > MAX_MEMBERS ? ', …' : ''}`;
}

/** Returns the value at a JSON Pointer (RFC 6901), or `undefined` if there is none. */
export function valueAt(value: unknown, pointer: string): unknown {
  const names = namesOf(pointer);
  if (names === undefined) return undefined;
  let found = value;
  for (const name of names) {
    if (typeof found !== 'object' || found === null || !Object.hasOwn(found, name)) return undefined;
    found = (found as Readonly<Record<string, unknown>>)[name];
  }
  return found;
}

/** Returns a key of the member names and types of a value; equal keys render alike. Visits at most `limit` parts. */
export function shapeOf(value: unknown, limit = 400): string {
  let left = limit;
  const shape = (part: unknown): string => {
    left -= 1;
    if (left < 0 || typeof part !== 'object' || part === null) return '';
    if (Array.isArray(part))
      return `[${typeof part[0] === 'object' ? shape(part[0]) : ''}${Math.min(part.length, 100)}]`;
    return `{${Object.entries(part)
      .map(([name, member]) => `${name}${shape(member)}`)
      .join(',')}}`;
  };
  return shape(value);
}
