import assert from 'node:assert/strict';
import { test } from 'node:test';
import { stringifyCached } from './cached-json.ts';
import { stringifyJson } from './json.ts';
import { rawNumber } from './raw-number.ts';

/** A value that counts how often it is serialized. */
function counted() {
  const counts = { writings: 0 };
  const value = {
    get ranges() {
      counts.writings++;
      return [1, 2.5];
    },
    stamp: 9007199254740993n,
  };
  return { value, counts };
}

test('the text of a cached value is serialised once, wherever and however often it is used', () => {
  const { value, counts } = counted();
  const once = counted();
  stringifyJson(once.value);
  const lasting = new Set<unknown>([value]);
  const body = { id: 'a "name"', data: value, value, 'x-medkit': { status: 'data', warnings: undefined } };
  const text = stringifyCached(body, lasting);
  for (let reader = 0; reader < 9; reader++) stringifyCached({ payload: { data: value } }, lasting);
  assert.equal(counts.writings, once.counts.writings);
  assert.equal(text, stringifyJson(body));
});

test('other values are serialised as usual', () => {
  const list = [1, 2n ** 62n];
  for (const value of [
    null,
    'text',
    7,
    2n ** 63n,
    [],
    [{ a: 1n }],
    {},
    { a: { b: [null, 2n ** 60n] }, c: undefined, list },
    { double: rawNumber('5.0') },
  ]) {
    assert.equal(stringifyCached(value, new Set([list])), stringifyJson(value));
  }
});
