import type { RosMessage, RosValue } from '@medkit/ros2/decode';
import { namesOf } from '../forms/json-pointer.ts';
import { isScan, leastRange } from './laser-scan.ts';

/** Path that stands for the nearest point of a laser scan. */
export const LEAST_RANGE = '#least-range';

/** A field of a message: name and value. */
export type NamedField = readonly [name: string, value: RosValue];

/** Returns the value at a JSON Pointer (RFC 6901) within a message, or `undefined` if there is none. */
export function valueAt(message: RosMessage, path: string): RosValue | undefined {
  return namesOf(path)?.reduce<RosValue | undefined>(
    (value, name) => (value === undefined ? undefined : within(value, name)),
    message,
  );
}

function within(value: RosValue, name: string): RosValue | undefined {
  const list = elementsOf(value);
  if (list) return /^(?:0|[1-9]\d*)$/.test(name) ? list[Number(name)] : undefined;
  if (typeof value !== 'object') return undefined;
  return Object.hasOwn(value, name) ? (value as RosMessage)[name] : undefined;
}

/** Returns the elements of an array or typed array, or `undefined` for other values. */
export function elementsOf(value: RosValue): ArrayLike<number | bigint | RosValue> | undefined {
  if (Array.isArray(value)) return value as readonly RosValue[];
  return ArrayBuffer.isView(value) ? (value as unknown as ArrayLike<number | bigint>) : undefined;
}

/** Returns the fields of a message or nested message; empty for primitive values and lists. */
export function fieldsOf(value: RosValue): readonly NamedField[] {
  return typeof value === 'object' && elementsOf(value) === undefined ? Object.entries(value as RosMessage) : [];
}

/** Returns the number of members: elements of a list or fields of a message; 0 for primitive values. */
export const countOf = (value: RosValue): number => elementsOf(value)?.length ?? fieldsOf(value).length;

/** Returns the first `most` members of a list or message. */
export function membersOf(value: RosValue, most: number): readonly NamedField[] {
  const list = elementsOf(value);
  if (!list) return fieldsOf(value).slice(0, most);
  return Array.from({ length: Math.min(list.length, most) }, (_, place) => [String(place), list[place]!] as const);
}

/**
 * Returns the number at a path; for `LEAST_RANGE`, the nearest range of a scan. Returns `undefined` if there is none.
 */
export function numberAt(message: RosMessage, path: string): number | undefined {
  if (path === LEAST_RANGE) return isScan(message) ? leastRange(message)?.range : undefined;
  const value = valueAt(message, path);
  if (typeof value === 'number') return value;
  if (typeof value === 'bigint') return Number(value);
  return typeof value === 'boolean' ? Number(value) : undefined;
}
