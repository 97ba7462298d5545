import assert from 'node:assert/strict';
import { test } from 'node:test';
import { oncePerKey } from './once-per-key.ts';

test('3.1 [edge]: each key is new once, and at most a thousand keys are new, so that no source can flood a log', () => {
  const isNew = oncePerKey();
  assert.deepEqual([isNew('a'), isNew('a'), isNew('b')], [true, false, true]);
  const noted = Array.from({ length: 2000 }, (_, at) => isNew(`other ${at}`)).filter(Boolean);
  assert.equal(noted.length, 998);
  assert.deepEqual([isNew('other 997'), isNew('other 998'), isNew('a')], [false, false, false]);
});
