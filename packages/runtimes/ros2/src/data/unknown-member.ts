import type { JsonValue } from '@medkit/core';

type Schema = Readonly<Record<string, unknown>>;

/** A member of a message that its type does not have. */
export interface UnknownMember {
  /** Path of the member: `pose.pointz[2].z`. */
  readonly path: string;
  readonly name: string;
  /** The members that the type has at this place. */
  readonly known: readonly string[];
}

/**
 * Returns the first member of `value` that the type described by `schema` does not have; `undefined` if there is none.
 * Does not check the types of values.
 */
export function unknownMember(schema: Schema, value: JsonValue, path = ''): UnknownMember | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  if (Array.isArray(value)) {
    const items = schema['items'] as Schema | undefined;
    // Skips large numeric arrays: they have no members.
    if (items?.['type'] !== 'object') return undefined;
    return first(value.entries(), ([at, item]) => unknownMember(items, item, `${path}[${at}]`));
  }
  const properties = schema['properties'] as Readonly<Record<string, Schema>> | undefined;
  if (!properties) return undefined;
  return first(Object.entries(value), ([name, member]) => {
    const at = path === '' ? name : `${path}.${name}`;
    const property = Object.hasOwn(properties, name) ? properties[name] : undefined;
    return property ? unknownMember(property, member, at) : { path: at, name, known: Object.keys(properties) };
  });
}

function first<T>(values: Iterable<T>, find: (value: T) => UnknownMember | undefined): UnknownMember | undefined {
  for (const value of values) {
    const found = find(value);
    if (found !== undefined) return found;
  }
  return undefined;
}
