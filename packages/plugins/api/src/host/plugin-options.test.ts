import assert from 'node:assert/strict';
import { test } from 'node:test';
import Type from 'typebox';
import { checkedOptions } from './plugin-options.ts';

const SCHEMA = Type.Object(
  {
    rate: Type.Number({ default: 5, minimum: 1 }),
    on: Type.Boolean({ default: true }),
    names: Type.Array(Type.String(), { default: [] }),
    limits: Type.Object({ depth: Type.Integer({ default: 3 }) }, { default: {}, additionalProperties: false }),
  },
  { additionalProperties: false },
);

test('options get their defaults, and texts are converted to the types of the schema', () => {
  assert.deepEqual(checkedOptions(SCHEMA, {}), { options: { rate: 5, on: true, names: [], limits: { depth: 3 } } });
  assert.deepEqual(checkedOptions(SCHEMA, { rate: '7.5', on: 'false', names: 'a', limits: { depth: '9' } }), {
    options: { rate: 7.5, on: false, names: ['a'], limits: { depth: 9 } },
  });
});

test('each invalid option is reported with its name', () => {
  const raw = { rate: 0, on: 'perhaps', limits: { depht: 3 }, extra: 1 };
  const checked = checkedOptions(SCHEMA, raw);
  assert.deepEqual('problems' in checked && [...checked.problems].sort(), [
    'limits has no option depht',
    'on must be boolean',
    'rate must be >= 1',
    'there is no option extra',
  ]);
  assert.deepEqual(raw.limits, { depht: 3 });
});

test('a plugin without a schema takes no options', () => {
  assert.deepEqual(checkedOptions(undefined, {}), { options: {} });
  assert.deepEqual(checkedOptions(undefined, { rate: 1 }), { problems: ['it has no options, found rate'] });
});
