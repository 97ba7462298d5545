import type { JsonObject, JsonValue } from '../runtime/data-provider.ts';

/** Members of a JSON object that is put together: any may be absent. */
export type JsonFields = Readonly<Record<string, JsonValue | undefined>>;

/** Returns whether a JSON value is an object, not a list. */
export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Returns the members of an object; `undefined` for any other value. */
export function fieldsOf(value: JsonValue | undefined): JsonObject | undefined {
  return isJsonObject(value) ? value : undefined;
}
