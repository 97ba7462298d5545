/** JSON with exact 64-bit integers: a `bigint` is an integer that a JavaScript number cannot represent. */
export type JsonValue =
  | null
  | boolean
  | number
  | bigint
  | string
  | readonly JsonValue[]
  | { readonly [key: string]: JsonValue };
export type JsonObject = { readonly [key: string]: JsonValue };

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
