import type { RosMessage, RosValue } from '@medkit/ros2/decode';
import { namesOf } from '../forms/json-pointer.ts';
import { isScan, leastRange } from './laser-scan.ts';

/** Stands for the nearest point of a laser scan where a path is asked for. */
export const LEAST_RANGE = '#least-range';

/** A field of a message with its name and value. */
export type NamedField = readonly [name: string, value: RosValue];

/** The value at a JSON Pointer (RFC 6901) within a message; `undefined` where there is none. */
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

/** What a list of any kind holds; `undefined` for what is no list. */
export function elementsOf(value: RosValue): ArrayLike<number | bigint | RosValue> | undefined {
  if (Array.isArray(value)) return value as readonly RosValue[];
  return ArrayBuffer.isView(value) ? (value as unknown as ArrayLike<number | bigint>) : undefined;
}

/** The fields of a message, or of the part of it that a value is; none for a plain value or a list. */
export function fieldsOf(value: RosValue): readonly NamedField[] {
  return typeof value === 'object' && elementsOf(value) === undefined ? Object.entries(value as RosMessage) : [];
}

/** How many members a value has: elements of a list, fields of a message; none of a plain value. */
export const countOf = (value: RosValue): number => elementsOf(value)?.length ?? fieldsOf(value).length;

/** The first so many members of a list or of a message. */
export function membersOf(value: RosValue, most: number): readonly NamedField[] {
  const list = elementsOf(value);
  if (!list) return fieldsOf(value).slice(0, most);
  return Array.from({ length: Math.min(list.length, most) }, (_, place) => [String(place), list[place]!] as const);
}

/** The number at a path, `LEAST_RANGE` the nearest point of a scan; `undefined` where there is none. */
export function numberAt(message: RosMessage, path: string): number | undefined {
  if (path === LEAST_RANGE) return isScan(message) ? leastRange(message)?.range : undefined;
  const value = valueAt(message, path);
  if (typeof value === 'number') return value;
  if (typeof value === 'bigint') return Number(value);
  return typeof value === 'boolean' ? Number(value) : undefined;
}
