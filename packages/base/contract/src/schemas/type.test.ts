import assert from 'node:assert/strict';
import { it } from 'node:test';
import Typebox from 'typebox';
import * as Type from './type.ts';

/** Returns the schema with the members that JSON does not show. */
function whole(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(whole);
  if (typeof schema !== 'object' || schema === null) return schema;
  const names = Object.getOwnPropertyNames(schema).sort();
  return names.map((name) => [
    name,
    Object.prototype.propertyIsEnumerable.call(schema, name),
    whole(Reflect.get(schema, name)),
  ]);
}

it('the schema builders of the contract return the same as those of TypeBox, hidden properties included', () => {
  const made = (type: typeof Type | typeof Typebox) => {
    const T = type as typeof Type;
    const text = T.String({ description: 'a text', minLength: 1 });
    return [
      text,
      T.Integer({ minimum: 0 }),
      T.Number(),
      T.Boolean(),
      T.Null(),
      T.Unknown({ description: 'anything' }),
      T.Array(text, { maxItems: 3 }),
      T.Union([text, T.Null()]),
      T.Enum(['a', 'b']),
      T.Record(T.String(), T.Unknown(), { description: 'by name' }),
      T.Optional(T.Union([text, T.Null()])),
      T.Unsafe<string>({ type: 'string', format: 'binary' }),
      T.Object({ id: text, size: T.Optional(T.Integer()) }, { additionalProperties: false }),
      T.Object({ size: T.Optional(T.Integer()) }),
      T.Object({}),
    ];
  };
  assert.deepEqual(whole(made(Type)), whole(made(Typebox)));
  assert.equal(JSON.stringify(made(Type)), JSON.stringify(made(Typebox)));
});
