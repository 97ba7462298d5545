import { MAX_TEXT } from '../bounds.ts';
import { PlcRefused } from '../plc-error.ts';
import type { PlcScalar } from '../plc-reading.ts';

/** A value as encoded by the library. */
export interface WrittenVariant {
  readonly dataType: number;
  readonly arrayType: 0;
  readonly value: unknown;
}

/** Type number, minimum and maximum of the integer types. */
const INTEGERS: ReadonlyMap<string, readonly [dataType: number, least: bigint, greatest: bigint]> = new Map([
  ['SByte', [2, -(2n ** 7n), 2n ** 7n - 1n]],
  ['Byte', [3, 0n, 2n ** 8n - 1n]],
  ['Int16', [4, -(2n ** 15n), 2n ** 15n - 1n]],
  ['UInt16', [5, 0n, 2n ** 16n - 1n]],
  ['Int32', [6, -(2n ** 31n), 2n ** 31n - 1n]],
  ['UInt32', [7, 0n, 2n ** 32n - 1n]],
  ['Int64', [8, -(2n ** 63n), 2n ** 63n - 1n]],
  ['UInt64', [9, 0n, 2n ** 64n - 1n]],
]);
const GREATEST_FLOAT = 3.4028234663852886e38;

/** Converts a scalar to the type of a variable or argument. Throws `PlcRefused` if it does not fit the type. */
export function writtenVariant(type: string | undefined, value: PlcScalar, what: string): WrittenVariant {
  const refuse = (expected: string, status = 'BadTypeMismatch'): never => {
    throw new PlcRefused(`${what} takes ${expected}, not ${typeof value} ${String(value).slice(0, 100)}`, status);
  };
  const integer = INTEGERS.get(type ?? '');
  if (integer) {
    const [dataType, least, greatest] = integer;
    if (typeof value !== 'bigint' && !(typeof value === 'number' && Number.isInteger(value)))
      return refuse(`whole numbers (${type})`);
    const whole = BigInt(value);
    if (whole < least || whole > greatest) return refuse(`${least} to ${greatest} (${type})`, 'BadOutOfRange');
    return { dataType, arrayType: 0, value: dataType >= 8 ? halvesOf(whole) : Number(whole) };
  }
  switch (type) {
    case 'Boolean':
      return typeof value === 'boolean' ? { dataType: 1, arrayType: 0, value } : refuse('true or false (Boolean)');
    case 'Float':
    case 'Double': {
      if (typeof value !== 'number' && typeof value !== 'bigint') return refuse(`numbers (${type})`);
      const number = Number(value);
      if (type === 'Float' && Number.isFinite(number) && Math.abs(number) > GREATEST_FLOAT)
        return refuse('numbers up to 3.4e38 (Float)', 'BadOutOfRange');
      return { dataType: type === 'Float' ? 10 : 11, arrayType: 0, value: number };
    }
    case 'String':
      if (typeof value !== 'string') return refuse('texts (String)');
      if (value.length > MAX_TEXT) return refuse(`texts of up to ${MAX_TEXT} characters`, 'BadOutOfRange');
      return { dataType: 12, arrayType: 0, value };
    case 'DateTime': {
      const time = typeof value === 'string' ? new Date(value) : new Date(Number.NaN);
      return Number.isNaN(time.getTime())
        ? refuse('times such as 2026-01-31T12:00:00Z (DateTime)')
        : { dataType: 13, arrayType: 0, value: time };
    }
    case 'LocalizedText':
      return typeof value === 'string'
        ? { dataType: 21, arrayType: 0, value: { text: value.slice(0, MAX_TEXT) } }
        : refuse('texts (LocalizedText)');
    default:
      return refuse(
        `values of ${type === undefined ? 'a structure or an array' : `the type ${type}`}, which medkit cannot write`,
      );
  }
}

/** Splits a 64-bit integer into two halves for the library, the upper one first. */
function halvesOf(whole: bigint): readonly [upper: number, lower: number] {
  const bits = BigInt.asUintN(64, whole);
  return [Number(bits >> 32n), Number(bits & 0xffff_ffffn)];
}
