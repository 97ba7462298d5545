import { parseYamlBoolean } from '@medkit/plugin';
import type { ParameterValue } from '@medkit/ros2';

/** Returns whether two parameters have the same value: numbers are compared by value, NaN equals NaN. */
export function sameValue(a: ParameterValue, b: ParameterValue): boolean {
  if (a.type === 'not_set' || b.type === 'not_set') return a.type === b.type;
  if (isList(a.value) && isList(b.value)) {
    const [one, other] = [Array.from<unknown>(a.value), Array.from<unknown>(b.value)];
    return one.length === other.length && one.every((each, at) => sameScalar(each, other[at]));
  }
  return sameScalar(a.value, b.value);
}

/** Returns whether a parameter has the value in a configuration: a text, or a list of texts. */
export function fitsPin(value: ParameterValue, pin: unknown): boolean {
  if (value.type === 'not_set') return false;
  if (isList(value.value)) {
    const values = Array.from<unknown>(value.value);
    return Array.isArray(pin) && pin.length === values.length && values.every((each, at) => scalarFits(each, pin[at]));
  }
  return !Array.isArray(pin) && scalarFits(value.value, pin);
}

function isList(value: unknown): value is ArrayLike<unknown> {
  return Array.isArray(value) || ArrayBuffer.isView(value);
}

function sameScalar(a: unknown, b: unknown): boolean {
  if (typeof a === 'number' && typeof b === 'number') return a === b || (Number.isNaN(a) && Number.isNaN(b));
  // Not compared as doubles: 2^53 + 1 differs from 2^53.
  if (typeof a === 'bigint' && typeof b === 'number') return Number.isInteger(b) && BigInt(b) === a;
  if (typeof a === 'number' && typeof b === 'bigint') return sameScalar(b, a);
  return a === b;
}

function scalarFits(value: unknown, pin: unknown): boolean {
  if (typeof value === 'string') return value === String(pin);
  if (typeof value === 'boolean') return parseYamlBoolean(pin) === value;
  const number = numberOf(pin);
  return number !== undefined && sameScalar(value, number);
}

const SPECIAL = new Map([
  ['nan', Number.NaN],
  ['inf', Number.POSITIVE_INFINITY],
  ['infinity', Number.POSITIVE_INFINITY],
  ['-inf', Number.NEGATIVE_INFINITY],
  ['-infinity', Number.NEGATIVE_INFINITY],
]);

/** Parses a number, as an integer of any size if possible. */
function numberOf(pin: unknown): number | bigint | undefined {
  if (typeof pin === 'number' || typeof pin === 'bigint') return pin;
  if (typeof pin !== 'string') return undefined;
  const text = pin.trim();
  if (/^[+-]?\d{1,40}$/.test(text)) return BigInt(text.replace(/^\+/, ''));
  if (/^0(?:x[\da-f]{1,16}|o[0-7]{1,22})$/i.test(text)) return BigInt(text.toLowerCase());
  const special = SPECIAL.get(
    text
      .toLowerCase()
      .replace(/^([+-]?)\./, '$1')
      .replace(/^\+/, ''),
  );
  if (special !== undefined) return special;
  return /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(text) ? Number(text) : undefined;
}
