import type { JsonValue } from '@medkit/core';

/** Keywords of JSON Schema whose check may take time without bound: they call each other, or are regular expressions. */
const COSTLY: ReadonlySet<string> = new Set([
  '$ref',
  '$dynamicRef',
  '$recursiveRef',
  'pattern',
  'patternProperties',
  'uniqueItems',
]);
/** Keywords whose members are schemas by names of the author's. */
const BY_NAME: ReadonlySet<string> = new Set(['properties', '$defs', 'definitions', 'dependentSchemas']);
/** Keywords with values that are no schemas. */
const PLAIN: ReadonlySet<string> = new Set(['const', 'enum', 'default', 'examples', 'required']);

/** A keyword that a schema from outside must not have; `undefined` where it has none. */
export function costlyKeyword(schema: JsonValue): string | undefined {
  if (typeof schema !== 'object' || schema === null) return undefined;
  if (Array.isArray(schema)) return firstOf(schema);
  for (const [keyword, value] of Object.entries(schema)) {
    if (COSTLY.has(keyword)) return keyword;
    if (PLAIN.has(keyword)) continue;
    const isNamed = BY_NAME.has(keyword) && typeof value === 'object' && value !== null;
    const found = isNamed ? firstOf(Object.values(value)) : costlyKeyword(value);
    if (found !== undefined) return found;
  }
  return undefined;
}

function firstOf(schemas: readonly JsonValue[]): string | undefined {
  for (const schema of schemas) {
    const found = costlyKeyword(schema);
    if (found !== undefined) return found;
  }
  return undefined;
}
