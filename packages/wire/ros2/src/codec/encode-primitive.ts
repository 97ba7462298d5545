import type { Primitive } from '../definitions/definition.ts';
import { INTEGER_RANGES } from '../definitions/integer-ranges.ts';
import { specialFloat } from '../json/float-text.ts';
import { type EncodeContext, failValue } from './encode-context.ts';

type EncodePrimitive = (context: EncodeContext, value: unknown) => void;

type SmallInteger = 'byte' | 'int8' | 'uint8' | 'int16' | 'uint16' | 'int32' | 'uint32';

function smallInteger(type: SmallInteger, write: (context: EncodeContext, value: number) => void): EncodePrimitive {
  const min = Number(INTEGER_RANGES[type].min);
  const max = Number(INTEGER_RANGES[type].max);
  return (context, value) => {
    const number = typeof value === 'bigint' ? Number(value) : value;
    if (typeof number !== 'number' || !Number.isInteger(number) || number < min || number > max) {
      failValue(context, `an integer from ${min} to ${max}`, value);
    }
    write(context, number);
  };
}

function largeInteger(
  type: 'int64' | 'uint64',
  write: (context: EncodeContext, value: bigint) => void,
): EncodePrimitive {
  const { min, max } = INTEGER_RANGES[type];
  return (context, value) => {
    // A number beyond 2^53 may have been rounded earlier without notice.
    const exact = typeof value === 'number' && Number.isSafeInteger(value) ? BigInt(value) : value;
    if (typeof exact !== 'bigint' || exact < min || exact > max) {
      failValue(context, `an exact integer from ${min} to ${max}`, value);
    }
    write(context, exact);
  };
}

function float(context: EncodeContext, value: unknown): number {
  if (typeof value === 'number') return value;
  if (typeof value === 'bigint') return Number(value);
  const special = typeof value === 'string' ? specialFloat(value) : undefined;
  return special ?? failValue(context, 'a number', value);
}

/** Encodes one value. Accepts both JSON values and decoded values. */
export const ENCODE_PRIMITIVE: Readonly<Record<Primitive, EncodePrimitive>> = {
  bool: (context, value) => {
    if (typeof value !== 'boolean') failValue(context, 'true or false', value);
    context.writer.bool(value);
  },
  byte: smallInteger('byte', ({ writer }, value) => writer.uint8(value)),
  uint8: smallInteger('uint8', ({ writer }, value) => writer.uint8(value)),
  int8: smallInteger('int8', ({ writer }, value) => writer.int8(value)),
  uint16: smallInteger('uint16', ({ writer }, value) => writer.uint16(value)),
  int16: smallInteger('int16', ({ writer }, value) => writer.int16(value)),
  uint32: smallInteger('uint32', ({ writer }, value) => writer.uint32(value)),
  int32: smallInteger('int32', ({ writer }, value) => writer.int32(value)),
  uint64: largeInteger('uint64', ({ writer }, value) => writer.uint64(value)),
  int64: largeInteger('int64', ({ writer }, value) => writer.int64(value)),
  float32: (context, value) => {
    const number = float(context, value);
    if (Number.isFinite(number) && !Number.isFinite(Math.fround(number))) failValue(context, 'a float32', value);
    context.writer.float32(number);
  },
  float64: (context, value) => context.writer.float64(float(context, value)),
  string: (context, value) => {
    if (typeof value !== 'string') failValue(context, 'a string', value);
    if (!value.isWellFormed()) failValue(context, 'text without lone surrogates', value);
    context.writer.string(value);
  },
  wstring: (context, value) => {
    if (typeof value !== 'string') failValue(context, 'a string', value);
    context.writer.wstring(value);
  },
};
