import assert from 'node:assert/strict';
import { test } from 'node:test';
import { rangeOf } from './range.ts';

test('a range is a part of a file, its end, or everything from a position on', () => {
  assert.deepEqual(rangeOf('bytes=0-3', 10), { first: 0, last: 3 });
  assert.deepEqual(rangeOf('bytes=4-', 10), { first: 4, last: 9 });
  assert.deepEqual(rangeOf('bytes=-3', 10), { first: 7, last: 9 });
  assert.deepEqual(rangeOf('bytes=-30', 10), { first: 0, last: 9 });
  assert.deepEqual(rangeOf('bytes=8-99', 10), { first: 8, last: 9 });
});

test('a range that begins after the end is not satisfiable', () => {
  assert.equal(rangeOf('bytes=10-', 10), 'unsatisfiable');
  assert.equal(rangeOf('bytes=-0', 10), 'unsatisfiable');
  assert.equal(rangeOf('bytes=-5', 0), 'unsatisfiable');
});

test('a header that does not request a single range of bytes gets the whole file', () => {
  for (const header of [undefined, '', 'bytes=', 'bytes=-', 'bytes=5-2', 'bytes=0-1,4-5', 'lines=1-2', 'bytes=x-y']) {
    assert.equal(rangeOf(header, 10), undefined, header);
  }
});
