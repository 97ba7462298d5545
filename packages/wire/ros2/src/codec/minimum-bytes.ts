import type { Primitive } from '../definitions/definition.ts';
import type { MessageType, TypedField } from '../types/message-type.ts';

const PRIMITIVE_BYTES: Readonly<Record<Primitive, number>> = {
  bool: 1,
  byte: 1,
  int8: 1,
  uint8: 1,
  int16: 2,
  uint16: 2,
  int32: 4,
  uint32: 4,
  int64: 8,
  uint64: 8,
  float32: 4,
  float64: 8,
  // Length prefix of strings.
  string: 4,
  wstring: 4,
};

/** Returns the minimum size of a value in octets, without padding. Sequence lengths are checked against it. */
export function minimumBytes(type: Primitive | MessageType): number {
  if (typeof type === 'string') return PRIMITIVE_BYTES[type];
  return Math.max(
    1,
    type.fields.reduce((sum, field) => sum + minimumFieldBytes(field), 0),
  );
}

function minimumFieldBytes({ type, array }: TypedField): number {
  if (!array) return minimumBytes(type);
  return array.kind === 'fixed' ? array.length * minimumBytes(type) : 4;
}
