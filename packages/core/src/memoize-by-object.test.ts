import assert from 'node:assert/strict';
import { test } from 'node:test';
import { memoizeByObject } from './memoize-by-object.ts';

test('a derived value is computed once for each object, also if it is undefined', () => {
  const made: object[] = [];
  const of = memoizeByObject((key: { readonly name?: string }) => {
    made.push(key);
    return key.name;
  });
  const [a, b, same] = [{ name: 'a' }, {}, { name: 'a' }];
  assert.deepEqual([of(a), of(b), of(a), of(b), of(same)], ['a', undefined, 'a', undefined, 'a']);
  assert.deepEqual(made, [a, b, same]);
});

test('a failed computation is tried again', () => {
  let tries = 0;
  const of = memoizeByObject(() => {
    tries += 1;
    if (tries === 1) throw new Error('not yet');
    return tries;
  });
  const key = {};
  assert.throws(() => of(key), /not yet/);
  assert.deepEqual([of(key), of(key)], [2, 2]);
});
