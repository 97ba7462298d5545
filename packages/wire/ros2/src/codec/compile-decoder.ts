import type { CdrReader } from '@medkit/rtps/cdr';
import type { Primitive } from '../definitions/definition.ts';
import type { RosMessage, RosValue } from '../types/message.ts';
import type { MessageType, TypedField } from '../types/message-type.ts';
import { minimumBytes } from './minimum-bytes.ts';

type Decode<T extends RosValue = RosValue> = (reader: CdrReader) => T;

const SINGLE: Readonly<Record<Primitive, Decode>> = {
  bool: (reader) => reader.bool(),
  byte: (reader) => reader.uint8(),
  int8: (reader) => reader.int8(),
  uint8: (reader) => reader.uint8(),
  int16: (reader) => reader.int16(),
  uint16: (reader) => reader.uint16(),
  int32: (reader) => reader.int32(),
  uint32: (reader) => reader.uint32(),
  int64: (reader) => reader.int64(),
  uint64: (reader) => reader.uint64(),
  float32: (reader) => reader.float32(),
  float64: (reader) => reader.float64(),
  string: (reader) => reader.string(),
  wstring: (reader) => reader.wstring(),
};

/** Consecutive numbers, decoded as one typed array. */
const BLOCK: Readonly<Partial<Record<Primitive, (reader: CdrReader, count: number) => RosValue>>> = {
  byte: (reader, count) => reader.uint8Array(count),
  int8: (reader, count) => reader.int8Array(count),
  uint8: (reader, count) => reader.uint8Array(count),
  int16: (reader, count) => reader.int16Array(count),
  uint16: (reader, count) => reader.uint16Array(count),
  int32: (reader, count) => reader.int32Array(count),
  uint32: (reader, count) => reader.uint32Array(count),
  int64: (reader, count) => reader.int64Array(count),
  uint64: (reader, count) => reader.uint64Array(count),
  float32: (reader, count) => reader.float32Array(count),
  float64: (reader, count) => reader.float64Array(count),
};

/** Returns a function that decodes one message of `type`. The function throws `MalformedCdr`. */
export function compileDecoder(type: MessageType): Decode<RosMessage> {
  if (type.fields.length === 0) {
    // IDL has no empty structures; the octet is the member `structure_needs_at_least_one_member`.
    return (reader) => {
      reader.skip(1);
      return {};
    };
  }
  const names = type.fields.map(({ name }) => name);
  const decoders = type.fields.map(compileField);
  return (reader) => {
    const message: Record<string, RosValue> = {};
    for (let index = 0; index < names.length; index += 1) message[names[index]] = decoders[index](reader);
    return message;
  };
}

function compileField({ type, array }: TypedField): Decode {
  const single = typeof type === 'string' ? SINGLE[type] : compileDecoder(type);
  if (!array) return single;
  const minimumElementBytes = minimumBytes(type);
  const length: Decode<number> =
    array.kind === 'fixed' ? () => array.length : (reader) => reader.sequenceLength(minimumElementBytes);
  const block = typeof type === 'string' ? BLOCK[type] : undefined;
  if (block) return (reader) => block(reader, length(reader));
  return (reader) => {
    const count = length(reader);
    const values: RosValue[] = [];
    for (let index = 0; index < count; index += 1) values.push(single(reader));
    return values;
  };
}
