import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { layOutMarks } from './mark-layout.ts';

const OPTIONS = { flag: 20, from: 0, to: 300, rows: 2 };

describe('flags of marks', () => {
  it('never overlap, and stay within the plot, however close the marks are', () => {
    for (const moments of [
      [100, 101, 102, 103, 104],
      [0, 0, 1],
      [299, 300, 300],
      [10, 150, 155, 290],
    ]) {
      const placed = layOutMarks(
        moments.map((x, number) => [number, x] as const),
        OPTIONS,
      );
      assert.equal(placed.length, moments.length);
      for (const [place, { x, row }] of placed.entries()) {
        assert.ok(x >= 10 && x <= 290, `${moments}: ${x}`);
        for (const other of placed.slice(place + 1)) {
          assert.ok(other.row !== row || Math.abs(other.x - x) >= 20, `${moments}: ${x} and ${other.x}`);
        }
      }
    }
  });

  it('are placed at their time if there is room, and those outside the plot are left out', () => {
    const marks = [
      ['a', 50],
      ['b', 200],
      ['c', 400],
      ['d', -1],
    ] as const;
    assert.deepEqual(layOutMarks(marks, OPTIONS), [
      { mark: 'a', x: 50, atX: 50, row: 0 },
      { mark: 'b', x: 200, atX: 200, row: 0 },
    ]);
  });

  it('leave out the last ones if there is no room for all', () => {
    const marks = Array.from({ length: 100 }, (_, number) => [number, 150] as const);
    const placed = layOutMarks(marks, OPTIONS);
    assert.ok(placed.length > 0 && placed.length <= 30);
    assert.deepEqual(
      placed.map(({ mark }) => mark),
      placed.map((_, place) => place),
    );
  });
});
