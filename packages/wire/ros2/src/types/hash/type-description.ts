import type { MessageType, TypedField } from '../message-type.ts';
import { encodeTypeId } from './field-type-id.ts';

/** The member that rosidl adds to a type without fields, because IDL has no empty structures. */
export const DUMMY_FIELD: TypedField = {
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

/** The part of `type_description_interfaces/msg/TypeDescription` that the hash covers. The order of members matters. */
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
      type_id: encodeTypeId({ type, array, stringBound }),
      capacity: array && array.kind !== 'unbounded' ? array.length : 0,
      string_capacity: stringBound ?? 0,
      nested_type_name: typeof type === 'string' ? '' : type.name,
    },
  };
}
