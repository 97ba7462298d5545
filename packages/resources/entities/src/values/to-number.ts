import { isJsonObject, type JsonValue } from '@medkit/core';
import { primaryValue } from './primary-value.ts';

/** Texts for numbers that JSON cannot represent. */
const INFINITIES: ReadonlyMap<unknown, number> = new Map([
  ['.inf', Number.POSITIVE_INFINITY],
  ['-.inf', Number.NEGATIVE_INFINITY],
]);

/**
 * Converts a value to a number: `true` is 1, and a numeric text is parsed. Returns `undefined` otherwise, and for NaN.
 */
export function toNumber(value: JsonValue | undefined): number | undefined {
  if (typeof value === 'object' || value === undefined || (typeof value === 'string' && value.trim() === '')) {
    return undefined;
  }
  const number = INFINITIES.get(value) ?? Number(value);
  return Number.isNaN(number) ? undefined : number;
}

/** Returns a value of a numeric type; texts and booleans do not count. Returns `undefined` otherwise, and for NaN. */
export function toStrictNumber(value: JsonValue | undefined): number | undefined {
  return typeof value === 'boolean' || (typeof value === 'string' && !INFINITIES.has(value))
    ? undefined
    : toNumber(value);
}

/**
 * Returns the primary number of a message: as its type defines, or its only number. `as` decides what counts as a
 * number.
 */
export function primaryNumber(
  messageType: string | undefined,
  message: JsonValue,
  as: (value: JsonValue | undefined) => number | undefined = toNumber,
): number | undefined {
  if (!isJsonObject(message)) return as(message);
  const primary = messageType === undefined ? undefined : primaryValue(messageType, message);
  if (primary !== undefined) return as(primary);
  const numbers = Object.values(message).flatMap((member) => as(member) ?? []);
  return numbers.length === 1 ? numbers[0] : undefined;
}
