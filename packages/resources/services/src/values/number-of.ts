import type { JsonValue } from '@medkit/core';
import { isObject, primaryValue } from './primary-value.ts';

/** What stands for a number that JSON has not. */
const INFINITIES: ReadonlyMap<unknown, number> = new Map([
  ['.inf', Number.POSITIVE_INFINITY],
  ['-.inf', Number.NEGATIVE_INFINITY],
]);

/** The number that a value is: `true` is 1, and the text of a number is that. `undefined` for all else, and for NaN. */
export function numberOf(value: JsonValue | undefined): number | undefined {
  if (typeof value === 'object' || value === undefined || (typeof value === 'string' && value.trim() === '')) {
    return undefined;
  }
  const number = INFINITIES.get(value) ?? Number(value);
  return Number.isNaN(number) ? undefined : number;
}

/** The number that a value is by its type: neither texts nor `true` count. `undefined` for all else, and for NaN. */
export function strictNumberOf(value: JsonValue | undefined): number | undefined {
  return typeof value === 'boolean' || (typeof value === 'string' && !INFINITIES.has(value))
    ? undefined
    : numberOf(value);
}

/** The number that a message is about: that of its type, or the only one that it has. `as` says what counts as a number. */
export function primaryNumber(
  messageType: string | undefined,
  message: JsonValue,
  as: (value: JsonValue | undefined) => number | undefined = numberOf,
): number | undefined {
  if (!isObject(message)) return as(message);
  const primary = messageType === undefined ? undefined : primaryValue(messageType, message);
  if (primary !== undefined) return as(primary);
  const numbers = Object.values(message).flatMap((member) => as(member) ?? []);
  return numbers.length === 1 ? numbers[0] : undefined;
}
