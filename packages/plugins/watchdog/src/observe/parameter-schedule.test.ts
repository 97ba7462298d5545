import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { ParameterSchedule } from './parameter-schedule.ts';

const READ = { failures: 0, tellsChanges: false };

describe('the schedule of parameter reads', () => {
  it('W06: never exceeds the allowed number of concurrent reads, and reaches every node in turn', () => {
    const schedule = new ParameterSchedule(3);
    for (let number = 0; number < 10; number++) schedule.add(`/n${number}`);
    const reads = new Map<string, number>();
    for (let tick = 1; tick <= 100; tick++) {
      const taken = schedule.take(tick);
      assert.ok(taken.length <= 3);
      for (const fqn of taken) {
        reads.set(fqn, (reads.get(fqn) ?? 0) + 1);
        schedule.done(fqn, tick, READ);
      }
    }
    assert.equal(reads.size, 10);
    assert.ok(Math.max(...reads.values()) - Math.min(...reads.values()) <= 1, JSON.stringify([...reads]));
  });

  it('W06: pending reads count against the next tick', () => {
    const schedule = new ParameterSchedule(2);
    for (const fqn of ['/a', '/b', '/c']) schedule.add(fqn);
    assert.deepEqual(schedule.take(1), ['/a', '/b']);
    assert.deepEqual(schedule.take(2), []);
    schedule.done('/a', 2, READ);
    assert.deepEqual(schedule.take(2), ['/c']);
    schedule.remove('/b');
    assert.deepEqual(schedule.take(3), ['/a']);
  });

  it('a node that reports its changes is left alone, a failing one is asked ever less often', () => {
    const schedule = new ParameterSchedule(1);
    schedule.add('/a');
    const nextAfter = (failures: number, tellsChanges: boolean) => {
      schedule.take(100_000);
      schedule.done('/a', 0, { failures, tellsChanges });
      for (let tick = 0; ; tick++) if (schedule.take(tick).length > 0) return tick;
    };
    schedule.take(0);
    schedule.done('/a', 0, { failures: 0, tellsChanges: true });
    for (let tick = 1; tick < 600; tick++) assert.deepEqual(schedule.take(tick), []);
    assert.deepEqual(schedule.take(600), ['/a']);
    assert.deepEqual(
      [1, 2, 3, 60].map((failures) => nextAfter(failures, true)),
      [2, 4, 8, 32],
    );
  });
});
