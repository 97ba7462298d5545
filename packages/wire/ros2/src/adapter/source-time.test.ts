import assert from 'node:assert/strict';
import { test } from 'node:test';
import { sourceMsOf, sourceNsOf } from './source-time.ts';

test('the time of a publisher is exact to the nanosecond, and absent if the publisher gave none', () => {
  const said = { sourceSeconds: 1_763_800_000, sourceNanoseconds: 123_456_789 };
  assert.equal(sourceNsOf(said), 1_763_800_000_123_456_789n);
  assert.ok(Math.abs(Number(sourceMsOf(said)) - 1_763_800_000_123.4568) < 0.001);
  const unsaid = { sourceSeconds: -1, sourceNanoseconds: 0 };
  assert.deepEqual([sourceNsOf(unsaid), sourceMsOf(unsaid)], [undefined, undefined]);
});
