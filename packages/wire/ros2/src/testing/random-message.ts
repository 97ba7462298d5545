import type { Random } from '@medkit/edges';
import type { Primitive } from '../definitions/definition.ts';
import type { RosMessage, RosValue } from '../types/message.ts';
import type { MessageType, TypedField } from '../types/message-type.ts';

const ARRAYS = {
  byte: Uint8Array,
  uint8: Uint8Array,
  int8: Int8Array,
  uint16: Uint16Array,
  int16: Int16Array,
  uint32: Uint32Array,
  int32: Int32Array,
  uint64: BigUint64Array,
  int64: BigInt64Array,
  float32: Float32Array,
  float64: Float64Array,
} as const;

const TEXTS = ['', 'a', 'grüße', '😀', 'x'.repeat(40), '\ufeffbom', 'nul\0inside', '日本'];
const MAX_UNBOUNDED = 5;

/** Returns a message of `type` with random values in every field, in decoded form. */
export function randomMessage(type: MessageType, random: Random): RosMessage {
  return Object.fromEntries(type.fields.map((field) => [field.name, randomField(field, random)]));
}

function randomField(field: TypedField, random: Random): RosValue {
  const { type, array } = field;
  if (!array) return randomSingle(field, random);
  const most = array.kind === 'unbounded' ? MAX_UNBOUNDED : array.length;
  const count = array.kind === 'fixed' ? most : Math.floor(random.float() * (most + 1));
  if (typeof type === 'string' && type in ARRAYS) return randomNumbers(type as keyof typeof ARRAYS, count, random);
  return Array.from({ length: count }, () => randomSingle(field, random));
}

function randomSingle({ type, stringBound }: TypedField, random: Random): RosValue {
  if (typeof type !== 'string') return randomMessage(type, random);
  if (stringBound !== undefined) return 'abcdefgh'.slice(0, Math.floor(random.float() * (stringBound + 1)));
  return randomPrimitive(type, random);
}

function randomPrimitive(type: Primitive, random: Random): RosValue {
  switch (type) {
    case 'bool':
      return random.float() < 0.5;
    case 'string':
    case 'wstring':
      return TEXTS[Math.floor(random.float() * TEXTS.length)];
    default:
      return randomNumbers(type, 1, random)[0];
  }
}

/**
 * Random bit patterns, which include extremes, NaN and infinities. Every NaN has the bit pattern that JavaScript
 * writes.
 */
function randomNumbers(type: keyof typeof ARRAYS, count: number, random: Random) {
  const NumberArray = ARRAYS[type];
  const bytes = random.bytes(count * NumberArray.BYTES_PER_ELEMENT);
  if (random.float() < 0.2) bytes.fill(random.float() < 0.5 ? 0 : 0xff);
  const numbers = new NumberArray(bytes.buffer as ArrayBuffer);
  if (numbers instanceof Float32Array || numbers instanceof Float64Array) {
    for (let index = 0; index < numbers.length; index += 1)
      if (Number.isNaN(numbers[index])) numbers[index] = Number.NaN;
  }
  return numbers;
}
