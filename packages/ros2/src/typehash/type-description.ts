import type { Primitive } from '../definitions/definition.ts';
import type { MessageType, TypedField } from '../types/message-type.ts';

/** `type_description_interfaces/msg/FieldType`: the values of `type_id` for a single value. */
const NESTED_TYPE_ID = 1;
const TYPE_IDS: Readonly<Record<Primitive, number>> = {
  int8: 2,
  uint8: 3,
  int16: 4,
  uint16: 5,
  int32: 6,
  uint32: 7,
  int64: 8,
  uint64: 9,
  float32: 10,
  float64: 11,
  bool: 15,
  byte: 16,
  string: 17,
  wstring: 18,
};
const BOUNDED_STRING_TYPE_ID = 21;
const BOUNDED_WSTRING_TYPE_ID = 22;

/** What is added to `type_id` for arrays. */
const ARRAY_OFFSETS = { fixed: 48, bounded: 96, unbounded: 144 } as const;

/** The member rosidl gives to a type without fields, as IDL has no empty structures. */
const DUMMY_FIELD: TypedField = {
  name: 'structure_needs_at_least_one_member',
  type: 'uint8',
  array: undefined,
  stringBound: undefined,
  defaultValue: undefined,
};

interface FieldDescription {
  readonly name: string;
  readonly type: {
    readonly type_id: number;
    readonly capacity: number;
    readonly string_capacity: number;
    readonly nested_type_name: string;
  };
}

interface IndividualDescription {
  readonly type_name: string;
  readonly fields: readonly FieldDescription[];
}

/** The part of `type_description_interfaces/msg/TypeDescription` that a hash covers; its member order counts. */
export interface TypeDescriptionMessage {
  readonly type_description: IndividualDescription;
  readonly referenced_type_descriptions: readonly IndividualDescription[];
}

export function describe(type: MessageType): TypeDescriptionMessage {
  const referenced = new Map<string, MessageType>();
  collectReferenced(type, referenced);
  return {
    type_description: individual(type),
    referenced_type_descriptions: [...referenced.values()]
      .sort((a, b) => (a.name < b.name ? -1 : 1))
      .map((each) => individual(each)),
  };
}

function collectReferenced(type: MessageType, found: Map<string, MessageType>): void {
  for (const { type: fieldType } of type.fields) {
    if (typeof fieldType === 'string' || found.has(fieldType.name)) continue;
    found.set(fieldType.name, fieldType);
    collectReferenced(fieldType, found);
  }
}

function individual(type: MessageType): IndividualDescription {
  const fields = type.fields.length > 0 ? type.fields : [DUMMY_FIELD];
  return { type_name: type.name, fields: fields.map(fieldDescription) };
}

function fieldDescription({ name, type, array, stringBound }: TypedField): FieldDescription {
  return {
    name,
    type: {
      type_id: elementTypeId(type, stringBound) + (array ? ARRAY_OFFSETS[array.kind] : 0),
      capacity: array && array.kind !== 'unbounded' ? array.length : 0,
      string_capacity: stringBound ?? 0,
      nested_type_name: typeof type === 'string' ? '' : type.name,
    },
  };
}

function elementTypeId(type: TypedField['type'], stringBound: number | undefined): number {
  if (typeof type !== 'string') return NESTED_TYPE_ID;
  if (stringBound === undefined) return TYPE_IDS[type];
  return type === 'string' ? BOUNDED_STRING_TYPE_ID : BOUNDED_WSTRING_TYPE_ID;
}
