import assert from 'node:assert/strict';
import { it } from 'node:test';
import { robotLanes } from './outbreak-lanes.ts';

const at = (second: number): string => new Date(Date.UTC(2026, 2, 23, 2, 0, second)).toISOString();

it('the lanes of an outbreak show from when to when each robot had a part in it', () => {
  const robots = [
    { robot: 'r1', began: at(0) },
    { robot: 'r2', began: at(5), ended: at(10) },
    { robot: 'r3', began: at(20), ended: at(20) },
  ];
  const places = (state: 'healed' | 'open', nowMs: number) =>
    robotLanes({ began: at(0), healed_at: state === 'open' ? null : at(40), state }, robots, nowMs).map(
      ({ leftPercent, widthPercent, isActive }) => [leftPercent, widthPercent, isActive],
    );
  assert.deepEqual(places('open', Date.parse(at(20))), [
    [0, 100, true],
    [25, 25, false],
    [99.2, 0.8, false],
  ]);
  assert.deepEqual(places('healed', Date.parse(at(59))), [
    [0, 100, false],
    [12.5, 12.5, false],
    [50, 0.8, false],
  ]);
});
