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

/** The number that a message is about: that of its type, or the only one that it has. */
export function primaryNumber(messageType: string | undefined, message: JsonValue): number | undefined {
  if (!isObject(message)) return numberOf(message);
  const primary = messageType === undefined ? undefined : primaryValue(messageType, message);
  if (primary !== undefined) return numberOf(primary);
  const numbers = Object.values(message).flatMap((member) => numberOf(member) ?? []);
  return numbers.length === 1 ? numbers[0] : undefined;
}
