import type { Primitive } from '../definitions/definition.ts';
import { INTEGER_RANGES } from '../definitions/integer-ranges.ts';
import type { MessageType, TypedField } from '../types/message-type.ts';

export type JsonSchema = Readonly<Record<string, unknown>>;

function integer(type: keyof typeof INTEGER_RANGES): JsonSchema {
  const { min, max } = INTEGER_RANGES[type];
  // Parsers read the schema as plain JSON and would round the 64-bit limits; `format` names the type instead.
  if (type === 'int64' || type === 'uint64') return { type: 'integer', format: type };
  return { type: 'integer', minimum: Number(min), maximum: Number(max) };
}

const PRIMITIVE_SCHEMAS: Readonly<Record<Primitive, JsonSchema>> = {
  bool: { type: 'boolean' },
  byte: integer('byte'),
  int8: integer('int8'),
  uint8: integer('uint8'),
  int16: integer('int16'),
  uint16: integer('uint16'),
  int32: integer('int32'),
  uint32: integer('uint32'),
  int64: integer('int64'),
  uint64: integer('uint64'),
  float32: { type: 'number', format: 'float' },
  float64: { type: 'number', format: 'double' },
  string: { type: 'string' },
  wstring: { type: 'string' },
};

/** Returns the JSON Schema of a message in REST, with nested types inline. */
export function messageSchema(type: MessageType): JsonSchema {
  return {
    type: 'object',
    properties: Object.fromEntries(type.fields.map((field) => [field.name, fieldSchema(field)])),
    ...(type.constants.length > 0 && {
      'x-constants': Object.fromEntries(type.constants.map(({ name, value }) => [name, plain(value)])),
    }),
  };
}

function fieldSchema({ type, array, stringBound }: TypedField): JsonSchema {
  const single = typeof type === 'string' ? PRIMITIVE_SCHEMAS[type] : messageSchema(type);
  const items = stringBound === undefined ? single : { ...single, maxLength: stringBound };
  switch (array?.kind) {
    case undefined:
      return items;
    case 'fixed':
      return { type: 'array', items, minItems: array.length, maxItems: array.length };
    case 'bounded':
      return { type: 'array', items, maxItems: array.length };
    case 'unbounded':
      return { type: 'array', items };
  }
}

const plain = (value: unknown): unknown => (typeof value === 'bigint' ? value.toString() : value);
