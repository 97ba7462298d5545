import type Typebox from 'typebox';

export type { Static, TSchema } from 'typebox';

/*
 * The TypeBox builders that the contract uses, with the same types and results. The original builders load TypeBox's
 * type engine: 370 modules, a tenth of the memory of an idle gateway.
 */

type Options = Readonly<Record<string, unknown>> | undefined;
type Schema = object;

/** Adds TypeBox marks as non-enumerable properties, so that JSON does not show them. */
const marked = (schema: Schema, marks: Readonly<Record<string, unknown>>): Schema =>
  Object.defineProperties(
    schema,
    Object.fromEntries(
      Object.entries(marks).map(([name, value]) => [name, { value, configurable: true, writable: true }]),
    ),
  );
const schemaOf = (kind: string, schema: Schema, options: Options): Schema =>
  marked({ ...schema, ...options }, { '~kind': kind });
/** Copies a schema with its marks, which the spread operator drops. */
const copyOf = (schema: Schema): Schema => Object.defineProperties({}, Object.getOwnPropertyDescriptors(schema));

const plain = (kind: string, schema: Schema) => (options?: Options) => schemaOf(kind, schema, options);

const stringType = plain('String', { type: 'string' }) as typeof Typebox.String;
const integerType = plain('Integer', { type: 'integer' }) as typeof Typebox.Integer;
const numberType = plain('Number', { type: 'number' }) as typeof Typebox.Number;
const booleanType = plain('Boolean', { type: 'boolean' }) as typeof Typebox.Boolean;
const nullType = plain('Null', { type: 'null' }) as typeof Typebox.Null;
const unknownType = plain('Unknown', {}) as typeof Typebox.Unknown;
const arrayType = ((items: Schema, options?: Options) =>
  schemaOf('Array', { type: 'array', items }, options)) as typeof Typebox.Array;
const unionType = ((anyOf: readonly Schema[], options?: Options) =>
  schemaOf('Union', { anyOf }, options)) as unknown as typeof Typebox.Union;
const enumType = ((values: readonly unknown[], options?: Options) =>
  schemaOf('Enum', { enum: values }, options)) as unknown as typeof Typebox.Enum;
/** A record with arbitrary names; the contract uses no name patterns. */
const recordType = ((_names: Schema, values: Schema, options?: Options) =>
  schemaOf('Record', { type: 'object', patternProperties: { '^.*$': values } }, options)) as typeof Typebox.Record;
const objectType = ((properties: Readonly<Record<string, Schema>>, options?: Options) => {
  const required = Object.keys(properties).filter((name) => !('~optional' in properties[name]!));
  return schemaOf('Object', { type: 'object', ...(required.length > 0 && { required }), properties }, options);
}) as typeof Typebox.Object;
const optionalType = ((schema: Schema) => marked(copyOf(schema), { '~optional': true })) as typeof Typebox.Optional;
const unsafeType = ((schema: Schema) => marked(copyOf(schema), { '~unsafe': null })) as typeof Typebox.Unsafe;

export {
  arrayType as Array,
  booleanType as Boolean,
  enumType as Enum,
  integerType as Integer,
  nullType as Null,
  numberType as Number,
  objectType as Object,
  optionalType as Optional,
  recordType as Record,
  stringType as String,
  unionType as Union,
  unknownType as Unknown,
  unsafeType as Unsafe,
};
