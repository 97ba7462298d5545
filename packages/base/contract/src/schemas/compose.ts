import * as Type from './type.ts';

/**
 * Gives a schema a name. Source code nests named schemas in place; the OpenAPI document turns each into a `$ref`. It
 * therefore publishes exactly the schemas that some route references.
 */
export function named<S extends Type.TSchema>(name: string, schema: S): S {
  return { ...schema, $id: name };
}

/** Returns an optional member, published as `anyOf [schema, null]`, the form that generated clients expect. */
export function optional<S extends Type.TSchema>(schema: S) {
  return Type.Optional(Type.Union([schema, Type.Null()]));
}

/** Returns an object schema whose member names are not known in advance. */
export function mapOf<S extends Type.TSchema>(schema: S, description?: string) {
  return Type.Unsafe<Readonly<Record<string, Type.Static<S>>>>({
    type: 'object',
    additionalProperties: schema,
    ...(description && { description }),
  });
}

/** Any JSON value. */
export const anything = Type.Unknown;

/**
 * Returns the schema of a 64-bit integer: a `bigint` if a JavaScript number cannot represent it; plain digits on the
 * wire.
 */
export const int64 = (description?: string) =>
  Type.Unsafe<number | bigint>({ type: 'integer', format: 'int64', ...(description && { description }) });

/** Returns an enumeration of strings, published inline. */
export const oneOf = <const V extends string[]>(...values: V) =>
  Type.Unsafe<V[number]>({ type: 'string', enum: values });
