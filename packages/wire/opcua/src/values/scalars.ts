import { MAX_TEXT } from '../bounds.ts';
import type { PlcScalar } from '../plc-reading.ts';
import { textOf } from './node-ids.ts';

/** A value as decoded by the library, with the fields that determine its type. */
export interface ReceivedVariant {
  readonly dataType: number;
  /** 0 for a scalar. */
  readonly arrayType?: number;
  readonly value?: unknown;
  /** Dimensions of a matrix; absent for a scalar or an array. */
  readonly dimensions?: readonly number[] | null;
}

/** Built-in types that are represented as scalars, by number (OPC 10000-6, 5.1.2). */
export const SCALAR_TYPES: ReadonlyMap<number, string> = new Map([
  ...(
    [
      'Boolean',
      'SByte',
      'Byte',
      'Int16',
      'UInt16',
      'Int32',
      'UInt32',
      'Int64',
      'UInt64',
      'Float',
      'Double',
      'String',
    ] as const
  ).map((name, index) => [index + 1, name] as const),
  ...([
    [13, 'DateTime'],
    [14, 'Guid'],
    [17, 'NodeId'],
    [19, 'StatusCode'],
    [20, 'QualifiedName'],
    [21, 'LocalizedText'],
  ] as const),
]);

/** Up to this value, every integer is representable as Float. */
const WHOLE_FLOATS = 2 ** 24;
/** Significant digits of a Float. */
const FLOAT_DIGITS = [6, 7, 8, 9] as const;

/** Returns the scalar of a value; `undefined` for arrays, structures, bytes and null. Truncates long texts. */
export function scalarOf({ dataType, arrayType = 0, value }: ReceivedVariant): PlcScalar | undefined {
  if (arrayType !== 0 || value === null || value === undefined) return undefined;
  switch (dataType) {
    case 1:
      return value === true;
    case 8:
      return wholeOf(value, BigInt.asIntN);
    case 9:
      return wholeOf(value, BigInt.asUintN);
    case 10:
      return typeof value === 'number' ? shortestFloat(value) : undefined;
    case 12:
    case 14:
      return String(value).slice(0, MAX_TEXT);
    case 13:
      return timeText(value);
    case 17:
      return textOf(value as never);
    case 19:
    case 20:
      return String((value as { name?: unknown }).name ?? '').slice(0, MAX_TEXT);
    case 21:
      return String((value as { text?: unknown }).text ?? '').slice(0, MAX_TEXT);
    default:
      return typeof value === 'number' && SCALAR_TYPES.has(dataType) ? value : undefined;
  }
}

/** Converts a 64-bit integer, which the library represents as two halves, the upper one first. */
function wholeOf(value: unknown, as: (bits: number, value: bigint) => bigint): PlcScalar | undefined {
  const [upper, lower] = value as readonly number[];
  if (typeof upper !== 'number' || typeof lower !== 'number') return undefined;
  const whole = as(64, (BigInt(upper >>> 0) << 32n) | BigInt(lower >>> 0));
  const number = Number(whole);
  return Number.isSafeInteger(number) ? number : whole;
}

/** Returns the shortest decimal number that represents this Float: 31.8 instead of 31.799999237060547. */
function shortestFloat(value: number): number {
  if ((Number.isInteger(value) && Math.abs(value) <= WHOLE_FLOATS) || !Number.isFinite(value)) return value;
  for (const digits of FLOAT_DIGITS) {
    const short = Number(value.toPrecision(digits));
    if (Math.fround(short) === value) return short;
  }
  return value;
}

function timeText(value: unknown): string | undefined {
  return value instanceof Date && !Number.isNaN(value.getTime()) ? value.toISOString() : undefined;
}
