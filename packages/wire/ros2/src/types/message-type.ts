import {
  type Field,
  InvalidDefinition,
  isPrimitive,
  type MessageDefinition,
  type Primitive,
} from '../definitions/definition.ts';
import { requireModest } from './modest-type.ts';

/** A field whose type, when it is no primitive, is at hand. */
export interface TypedField extends Omit<Field, 'type'> {
  readonly type: Primitive | MessageType;
}

/** A type with all types it is made of. */
export interface MessageType {
  readonly name: string;
  readonly fields: readonly TypedField[];
  readonly constants: MessageDefinition['constants'];
}

/** Deeper than any real message; a definition file could otherwise nest until the stack ends. */
const MAX_DEPTH = 64;

/**
 * Joins a type with the types of its fields. Throws `InvalidDefinition` where one is missing, or where a type contains
 * itself.
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
