import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { fieldOf, labelOf } from './field-of.ts';
import { parseForm, parseInput } from './parse-input.ts';

const POSE = {
  type: 'object',
  properties: {
    frame_id: { type: 'string', maxLength: 5 },
    position: { type: 'object', properties: { x: { type: 'number', format: 'double' }, y: { type: 'number' } } },
    id: { type: 'integer', format: 'uint64' },
    covariance: { type: 'array', items: { type: 'number' }, minItems: 36, maxItems: 36 },
    points: { type: 'array', items: { type: 'object', properties: { on: { type: 'boolean' } } } },
  },
};

describe('a form', () => {
  const field = fieldOf(POSE);

  it('has a field for each property of the schema', () => {
    assert.ok(field.is === 'object');
    assert.deepEqual(
      field.members.map(({ name, is }) => [name, is]),
      [
        ['frame_id', 'text'],
        ['position', 'object'],
        ['id', 'integer'],
        ['covariance', 'json'],
        ['points', 'list'],
      ],
    );
  });

  it('returns the input, long integers exactly, and nothing for empty fields', () => {
    const draft = { position: { x: '15', y: '' }, id: '18446744073709551615', points: [{ on: 'true' }, undefined] };
    assert.deepEqual(parseForm(field, draft), {
      value: { position: { x: 15 }, id: 2n ** 64n - 1n, points: [{ on: true }, {}] },
    });
    assert.deepEqual(parseForm(field, undefined), { value: {} });
  });

  it('names every input that cannot be sent', () => {
    const parsed = parseForm(field, { frame_id: 'warehouse', position: { x: 'far' }, id: '-1', covariance: '[1,' });
    assert.ok('problems' in parsed);
    assert.deepEqual(
      [...parsed.problems].map(([at, { is }]) => [at, is]),
      [
        ['/frame_id', 'longest'],
        ['/position/x', 'no-number'],
        ['/id', 'range'],
        ['/covariance', 'no-json'],
      ],
    );
  });

  it('sends long names unchanged, and shows them shortened', () => {
    const name = 'n'.repeat(100);
    const long = fieldOf({ type: 'object', properties: { [name]: { type: 'integer' } } });
    assert.deepEqual(parseForm(long, { [name]: '7' }), { value: { [name]: 7 } });
    assert.ok(long.is === 'object');
    assert.equal(labelOf(long.members[0]!), `${'n'.repeat(79)}…`);
  });

  it('of a recursive schema is finite', () => {
    const endless: Record<string, unknown> = { type: 'object' };
    endless['properties'] = { again: endless, twice: endless };
    assert.ok(JSON.stringify(fieldOf(endless)).length < 20_000);
    const wide = {
      type: 'object',
      properties: Object.fromEntries(Array.from({ length: 5000 }, (_, at) => [`m${at}`, {}])),
    };
    assert.equal(fieldOf(wide).is, 'json');
    assert.ok((fieldOf({ type: 'string', description: 'x'.repeat(9999) }).help?.length ?? 0) <= 201);
    for (const nothing of [undefined, null, 3, 'x', [], { type: 'robot' }]) assert.equal(fieldOf(nothing).is, 'json');
  });
});

describe('an input', () => {
  it('is refused outside of its range', () => {
    const rate = { is: 'number', least: 1, most: 20 } as const;
    assert.deepEqual(parseInput(rate, ' 5 '), { value: 5 });
    assert.deepEqual(parseInput(rate, '50'), { problem: { is: 'range', least: '1', most: '20' } });
    assert.deepEqual(parseInput({ is: 'integer', least: 0n }, '-1'), { problem: { is: 'least', least: '0' } });
  });

  it('of another type is refused', () => {
    for (const text of ['', 'abc', '0x10', '1_000', 'Infinity', '1e999']) {
      assert.deepEqual(parseInput({ is: 'number' }, text), { problem: { is: 'no-number' } }, text);
    }
    assert.deepEqual(parseInput({ is: 'integer' }, '1.5'), { problem: { is: 'no-integer' } });
    assert.deepEqual(parseInput({ is: 'flag' }, 'yes'), { problem: { is: 'no-choice' } });
    assert.deepEqual(parseInput({ is: 'choice', choices: ['fast', 2] }, '2'), { value: 2 });
  });
});
