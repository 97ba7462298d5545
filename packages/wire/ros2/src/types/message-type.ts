import {
  type Field,
  InvalidDefinition,
  isPrimitive,
  type MessageDefinition,
  type Primitive,
} from '../definitions/definition.ts';

/** A field whose type, if not primitive, is resolved. */
export interface TypedField extends Omit<Field, 'type'> {
  readonly type: Primitive | MessageType;
}

/** A type with all its nested types resolved. */
export interface MessageType {
  readonly name: string;
  readonly fields: readonly TypedField[];
  readonly constants: MessageDefinition['constants'];
}

/** Maximum nesting, deeper than any real message, so that a definition file cannot overflow the stack. */
const MAX_DEPTH = 64;
/** Maximum fields with nested types expanded, as in codecs and schemas. Ten types of ten fields can make 10^10. */
const MAX_FIELDS_IN_PLACE = 10_000;
/** Maximum number of values in the smallest possible message. Arrays of fixed length count in full. */
const MAX_LEAST_VALUES = 1_000_000;

/**
 * Resolves a type and the types of its fields. Throws `InvalidDefinition` if one is missing or a type contains itself.
 */
export function linkType(name: string, definitions: ReadonlyMap<string, MessageDefinition>): MessageType {
  const linked = new Map<string, MessageType>();
  const link = (current: string, path: readonly string[]): MessageType => {
    const known = linked.get(current);
    if (known) return known;
    const definition = definitions.get(current);
    if (!definition) throw new InvalidDefinition(`${path.at(-1)} needs ${current}, which has no definition`);
    if (path.includes(current)) throw new InvalidDefinition(`${current} contains itself`);
    if (path.length >= MAX_DEPTH) throw new InvalidDefinition(`${name} is nested deeper than ${MAX_DEPTH} types`);
    const fields = definition.fields.map(
      (field): TypedField => ({
        ...field,
        type: isPrimitive(field.type) ? field.type : link(field.type, [...path, current]),
      }),
    );
    const type = { name: current, fields, constants: definition.constants };
    linked.set(current, type);
    return type;
  };
  const type = link(name, []);
  requireModest(type);
  return type;
}

interface Extent {
  readonly fields: number;
  readonly values: number;
}

/**
 * Rejects a type whose codec, schema or default message would be larger than any real one. Throws `InvalidDefinition`.
 */
function requireModest(type: MessageType): void {
  const known = new Map<MessageType, Extent>();
  const extentOf = (each: MessageType): Extent => {
    const found = known.get(each);
    if (found) return found;
    let extent: Extent = { fields: 0, values: 0 };
    for (const field of each.fields) extent = sum(extent, extentOfField(field));
    known.set(each, extent);
    return extent;
  };
  const extentOfField = ({ type: element, array }: TypedField): Extent => {
    const single = typeof element === 'string' ? { fields: 0, values: 1 } : extentOf(element);
    const least = array ? (array.kind === 'fixed' ? array.length : 0) : 1;
    return { fields: single.fields + 1, values: single.values * least };
  };
  const { fields, values } = extentOf(type);
  if (fields > MAX_FIELDS_IN_PLACE)
    throw new InvalidDefinition(`${type.name} has more than ${MAX_FIELDS_IN_PLACE} fields`);
  if (values > MAX_LEAST_VALUES) throw new InvalidDefinition(`${type.name} has more than ${MAX_LEAST_VALUES} values`);
}

const sum = (a: Extent, b: Extent): Extent => ({ fields: a.fields + b.fields, values: a.values + b.values });
