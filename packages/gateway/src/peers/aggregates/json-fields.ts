import type { JsonValue } from '@medkit/core';

/** The members of a JSON object. */
export type Fields = Readonly<Record<string, JsonValue | undefined>>;

/** Returns the members of an object; `undefined` for anything else. */
export function fieldsOf(value: JsonValue | undefined): Fields | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Fields) : undefined;
}
