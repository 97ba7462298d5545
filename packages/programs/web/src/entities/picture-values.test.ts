import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { gridOf, pictureType, pixelsOf, scanOf } from './picture-values.ts';

suite('values that are drawn', () => {
  test('are scans and maps', () => {
    assert.equal(pictureType('nav_msgs/msg/OccupancyGrid'), 'nav_msgs/msg/OccupancyGrid');
    assert.equal(pictureType('std_msgs/msg/String'), undefined);
    assert.equal(pictureType(undefined), undefined);
  });

  test('a scan has no measurement where its range is null', () => {
    const scan = scanOf({ angle_min: 0, angle_increment: 1, range_min: 0, range_max: 9, ranges: [1.5, null, 'x'] });
    assert.deepEqual([...scan!.ranges], [1.5, Number.NaN, Number.NaN]);
    for (const value of [undefined, null, {}, { angle_min: 0 }, { ...scan, ranges: 'none' }])
      assert.equal(scanOf(value), undefined);
  });

  test('a map has its first row at the bottom, and transparent unknown cells', () => {
    const map = gridOf({ info: { width: 2, height: 2n, resolution: 0.05 }, data: [0, 100, -1, 50] })!;
    assert.deepEqual(
      [...pixelsOf(map, [200, 200, 200], [0, 0, 0])],
      [0, 0, 0, 0, 100, 100, 100, 255, 200, 200, 200, 255, 0, 0, 0, 255],
    );
  });

  test('a map that is too large, or has fewer cells than its size, is not drawn', () => {
    const map = (width: unknown, height: unknown, cells: number) =>
      gridOf({ info: { width, height, resolution: 1 }, data: new Array(cells).fill(0) });
    assert.ok(map(2, 3, 6));
    for (const wrong of [map(2, 3, 5), map(0, 3, 6), map(-1, -1, 1), map(1.5, 2, 3), map(1e6, 1e6, 1), map('x', 1, 1)])
      assert.equal(wrong, undefined);
    assert.equal(gridOf(null), undefined);
  });
});
