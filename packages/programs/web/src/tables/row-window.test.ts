import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { rowAfterKey, rowWindow, scrollTopFor } from './row-window.ts';

describe('the window of a long list', () => {
  it('has the visible rows, and takes as much room as all of them', () => {
    for (const top of [0, 17, 3600, 359_500, 999_999]) {
      const { first, end, before, after } = rowWindow(10_000, { rowHeight: 36, top, height: 480 });
      assert.ok(end - first <= 18, `${end - first} rows`);
      assert.equal(before + after + (end - first) * 36, 360_000);
      const seen = Math.min(top, 360_000 - 480);
      assert.ok(before <= seen && before + (end - first) * 36 >= seen + 480, `at ${top}`);
    }
  });

  it('of a short list is all of it', () => {
    assert.deepEqual(rowWindow(3, { rowHeight: 36, top: 0, height: 480 }), { first: 0, end: 3, before: 0, after: 0 });
    assert.deepEqual(rowWindow(0, { rowHeight: 36, top: 0, height: 480 }), { first: 0, end: 0, before: 0, after: 0 });
  });

  it('moves no further than a row needs to be seen', () => {
    const view = { rowHeight: 36, top: 360, height: 360 };
    assert.equal(scrollTopFor(12, view), 360);
    assert.equal(scrollTopFor(9, view), 324);
    assert.equal(scrollTopFor(20, view), 396);
    assert.equal(scrollTopFor(0, view), 0);
  });

  it('follows the keys', () => {
    const keys: [string, number][] = [
      ['j', 5],
      ['ArrowUp', 3],
      ['Home', 0],
      ['End', 99],
      ['PageDown', 14],
      ['PageUp', 0],
    ];
    for (const [key, row] of keys) assert.equal(rowAfterKey(key, 4, 100, 10), row, key);
    assert.equal(rowAfterKey('j', -1, 100, 10), 0);
    assert.equal(rowAfterKey('j', 99, 100, 10), 99);
    assert.equal(rowAfterKey('j', -1, 0, 10), undefined);
    assert.equal(rowAfterKey('toString', 4, 100, 10), undefined);
  });
});
