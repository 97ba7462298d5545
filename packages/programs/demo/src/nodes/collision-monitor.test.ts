import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openRobot } from '../testing/open-robot.ts';

test('the front range falls below the threshold when a person steps into the path, and the speed to zero', async () => {
  const { adapter, run } = await openRobot();
  const figures = (name: string) => adapter.on(`/collision_monitor/${name}`).map(({ data }) => Number(data));
  run(12);
  assert.ok(Math.min(...figures('min_range_m')) > 0.8, 'the way is free');
  assert.ok(Math.max(...figures('commanded_vx')) > 0.5, 'the robot drives');
  const before = figures('min_range_m').length;
  run(8, { obstacle: true });
  const ranges = figures('min_range_m').slice(before);
  assert.equal(ranges.length, 32, 'four times a second');
  assert.ok(Math.abs((ranges.at(-1) ?? 0) - 0.11) < 0.01, `${ranges.at(-1)}`);
  assert.equal(figures('commanded_vx').at(-1), 0);
  assert.equal(figures('stop_threshold_m').at(-1), 0.8);
  run(3, { obstacle: false });
  assert.ok((figures('min_range_m').at(-1) ?? 0) > 0.8);
});

test('if nothing is in front, the range is the maximum range of the scanner', async () => {
  const { adapter, run } = await openRobot();
  await adapter.call('/perception/lidar_driver/set_enabled', { data: false });
  const scan = { angle_min: -Math.PI, angle_increment: Math.PI / 2, range_max: 9 };
  const rangeOf = (ranges: readonly number[]) => {
    adapter.deliver('/scan', { ...scan, ranges: Float32Array.from(ranges) });
    run(0.25);
    return adapter.on('/collision_monitor/min_range_m').at(-1)?.data;
  };
  assert.equal(rangeOf([0.2, 0.2, Number.POSITIVE_INFINITY, 0.2]), 9);
  assert.equal(rangeOf([0.2, 0.2, 2.5, 0.2]), 2.5);
});
