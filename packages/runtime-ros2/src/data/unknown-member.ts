import type { JsonValue } from '@medkit/core';

type Schema = Readonly<Record<string, unknown>>;

/**
 * The path of the first member of `value` that the type described by `schema` does not have, such as `pose.pointz[2].z`;
 * `undefined` where there is none. What has the wrong kind altogether is not its concern.
 */
export function unknownMember(schema: Schema, value: JsonValue, path = ''): string | undefined {
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
    return property ? unknownMember(property, member, at) : at;
  });
}

function first<T>(values: Iterable<T>, find: (value: T) => string | undefined): string | undefined {
  for (const value of values) {
    const found = find(value);
    if (found !== undefined) return found;
  }
  return undefined;
}
