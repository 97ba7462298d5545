import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { withinBudget } from './message-budget.ts';

describe('a message for the page', () => {
  it('is complete if it is not too large, however long its arrays of numbers are', () => {
    const message = { header: { frame_id: 'map' }, ranges: new Float32Array(1e6), list: [{ x: 1n }, { x: 2n }] };
    assert.deepEqual(withinBudget(message), { message, cut: [] });
  });

  it('is cut if it has more values than a page can take, and marks the cut', () => {
    const markers = Array.from({ length: 5000 }, (_, id) => ({ id, point: { x: 1, y: 2 } }));
    const { message, cut } = withinBudget({ header: { seq: 1 }, 'a/b': { markers }, last: true }, 105);
    assert.deepEqual(cut, [
      { path: '/a~1b/markers', included: 20, all: 5000 },
      { path: '', included: 2, all: 3 },
    ]);
    assert.equal((message['a/b'] as { markers: unknown[] }).markers.length, 20);
    assert.equal(message['last'], undefined);
  });

  it('counts a long text as several values', () => {
    const texts = Array.from({ length: 100 }, () => 'x'.repeat(6400));
    assert.deepEqual(withinBudget({ texts }, 1000).cut, [{ path: '/texts', included: 10, all: 100 }]);
  });
});
