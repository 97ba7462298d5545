import * as Type from './type.ts';

/**
 * A schema with a name of its own. Nested ones are written in place; the OpenAPI document turns each into a `$ref`, so
 * what is published is exactly what some route reaches.
 */
export function named<S extends Type.TSchema>(name: string, schema: S): S {
  return { ...schema, $id: name };
}

/** A member that may be left out. Published as `anyOf [schema, null]`, the form that generated clients expect. */
export function optional<S extends Type.TSchema>(schema: S) {
  return Type.Optional(Type.Union([schema, Type.Null()]));
}

/** An object whose member names are not known beforehand. */
export function mapOf<S extends Type.TSchema>(schema: S, description?: string) {
  return Type.Unsafe<Readonly<Record<string, Type.Static<S>>>>({
    type: 'object',
    additionalProperties: schema,
    ...(description && { description }),
  });
}

/** Any JSON value. */
export const anything = Type.Unknown;

/** A 64-bit integer: a `bigint` where a JavaScript number would not hold it; bare digits on the wire. */
export const int64 = (description?: string) =>
  Type.Unsafe<number | bigint>({ type: 'integer', format: 'int64', ...(description && { description }) });

/** One of a few strings, published inline. */
export const oneOf = <const V extends string[]>(...values: V) =>
  Type.Unsafe<V[number]>({ type: 'string', enum: values });
