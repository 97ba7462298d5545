import type { JsonValue } from '@medkit/core';

/**
 * JSON Schema keywords whose check may take unbounded time: references (possibly recursive), regular expressions, and
 * pairwise comparison.
 */
const COSTLY: ReadonlySet<string> = new Set([
  '$ref',
  '$dynamicRef',
  '$recursiveRef',
  'pattern',
  'patternProperties',
  'uniqueItems',
]);
/** Keywords whose value maps author-defined names to schemas. */
const BY_NAME: ReadonlySet<string> = new Set(['properties', '$defs', 'definitions', 'dependentSchemas']);
/** Keywords whose values are no schemas. */
const PLAIN: ReadonlySet<string> = new Set(['const', 'enum', 'default', 'examples', 'required']);

/** Returns a keyword that an uploaded schema must not have, or `undefined` if there is none. */
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
