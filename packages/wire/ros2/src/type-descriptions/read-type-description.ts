import { type ArrayShape, type Field, InvalidDefinition, type MessageDefinition } from '../definitions/definition.ts';
import { parseTypeName } from '../names/type-names.ts';
import { decodeTypeId } from '../types/hash/field-type-id.ts';
import { DUMMY_FIELD } from '../types/hash/type-description.ts';
import type { RosMessage } from '../types/message.ts';
import { linkType, type MessageType } from '../types/message-type.ts';

/** Limits for untrusted descriptions. The largest real ones have a few dozen types. */
const MAX_TYPES = 500;
const MAX_FIELDS = 2_000;

const FIELD_NAME = /^[A-Za-z][A-Za-z0-9_]*$/;

/** A decoded `type_description_interfaces/msg/TypeDescription`. */
interface Described {
  readonly type_description: DescribedType;
  readonly referenced_type_descriptions: readonly DescribedType[];
}

interface DescribedType {
  readonly type_name: string;
  readonly fields: readonly DescribedField[];
}

interface DescribedField {
  readonly name: string;
  readonly type: {
    readonly type_id: number;
    readonly capacity: bigint;
    readonly string_capacity: bigint;
    readonly nested_type_name: string;
  };
}

/**
 * Converts a decoded `type_description_interfaces/msg/TypeDescription` to a type. It contains no constants, and its
 * hash does not cover defaults, so both are omitted. Throws `InvalidDefinition`.
 */
export function readTypeDescription(message: RosMessage): MessageType {
  const described = message as unknown as Described;
  const types = [described.type_description, ...described.referenced_type_descriptions];
  if (types.length > MAX_TYPES) throw new InvalidDefinition(`it contains more than ${MAX_TYPES} types`);
  const definitions = new Map(types.map((each) => [each.type_name, readType(each)]));
  return linkType(described.type_description.type_name, definitions);
}

function readType({ type_name: name, fields }: DescribedType): MessageDefinition {
  if (!parseTypeName(name)) throw new InvalidDefinition(`"${name}" is not a type name`);
  if (fields.length > MAX_FIELDS) throw new InvalidDefinition(`${name} has more than ${MAX_FIELDS} fields`);
  const isEmpty = fields.length === 1 && fields[0].name === DUMMY_FIELD.name;
  return { name, fields: isEmpty ? [] : fields.map((field) => readField(name, field)), constants: [] };
}

function readField(typeName: string, { name, type }: DescribedField): Field {
  if (!FIELD_NAME.test(name)) throw new InvalidDefinition(`${typeName}: "${name}" is not a field name`);
  const kind = decodeTypeId(type.type_id);
  if (!kind) throw new InvalidDefinition(`${typeName}: field ${name} has type id ${type.type_id}`);
  return {
    name,
    type: kind.element === 'nested' ? type.nested_type_name : kind.element,
    stringBound: kind.hasStringBound ? Number(type.string_capacity) : undefined,
    array: kind.array && shapeOf(kind.array, Number(type.capacity)),
    defaultValue: undefined,
  };
}

const shapeOf = (kind: ArrayShape['kind'], length: number): ArrayShape =>
  kind === 'unbounded' ? { kind } : { kind, length };
