import type { JsonValue } from '@medkit/core';

type Schema = Readonly<Record<string, unknown>>;

/** A member that a message has and its type does not. */
export interface UnknownMember {
  /** Where it is: `pose.pointz[2].z`. */
  readonly path: string;
  readonly name: string;
  /** The members that there are in its place. */
  readonly known: readonly string[];
}

/**
 * The first member of `value` that the type described by `schema` does not have; `undefined` where there is none. What has
 * the wrong kind altogether is not its concern.
 */
export function unknownMember(schema: Schema, value: JsonValue, path = ''): UnknownMember | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  if (Array.isArray(value)) {
    const items = schema['items'] as Schema | undefined;
    // Numbers by the thousand have no members to look at.
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
