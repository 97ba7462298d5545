import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SimulatedClock } from '@medkit/edges/testing';
import { startCycle } from './cycle.ts';

const PERIOD_MS = 10;

function started(act: (clock: SimulatedClock) => void = () => undefined) {
  const clock = new SimulatedClock();
  const begunMs: number[] = [];
  const cycle = startCycle({
    clock,
    periodMs: PERIOD_MS,
    act: () => {
      begunMs.push(clock.monotonicMs());
      act(clock);
    },
  });
  return { clock, cycle, begunMs };
}

test('cycles begin at whole periods, however long each takes', () => {
  const { clock, cycle, begunMs } = started((now) => now.standStill(7));
  clock.advance(1000);
  assert.deepEqual([begunMs.length, begunMs[0], begunMs.at(-1)], [100, 10, 1000]);
  assert.deepEqual(cycle.counts(), { cycles: 100, missed: 0 });
});

test('a cycle that begins late by less than a period is not missed, and those after it are on time again', () => {
  const { clock, cycle, begunMs } = started();
  clock.advance(5);
  clock.standStill(14);
  clock.advance(1);
  clock.advance(20);
  assert.deepEqual(begunMs, [19, 20, 30, 40]);
  assert.deepEqual(cycle.counts(), { cycles: 4, missed: 0 });
});

test('cycles that were slept through are counted as missed, and not repeated', () => {
  const { clock, cycle, begunMs } = started();
  clock.advance(20);
  clock.standStill(1005);
  clock.advance(15);
  assert.deepEqual(begunMs, [10, 20, 1025, 1030, 1040]);
  assert.deepEqual(cycle.counts(), { cycles: 5, missed: 99 });
});

test('a timer that fires too early is waited for', () => {
  const simulated = new SimulatedClock();
  const clock = {
    wallNs: () => simulated.wallNs(),
    wallMs: () => simulated.wallMs(),
    monotonicMs: () => simulated.monotonicMs(),
    every: simulated.every.bind(simulated),
    // Like setTimeout of Node, which uses whole milliseconds.
    after: (delayMs: number, callback: () => void) => simulated.after(Math.max(1, Math.floor(delayMs)), callback),
  };
  const begunMs: number[] = [];
  startCycle({ clock, periodMs: 2.5, act: () => begunMs.push(simulated.monotonicMs()) });
  simulated.advance(10);
  assert.deepEqual(begunMs, [3, 5, 8, 10]);
});

test('a loop that is stopped, also by its task, does nothing more', () => {
  const { clock, cycle, begunMs } = started();
  clock.advance(20);
  cycle.stop();
  clock.advance(100);
  assert.equal(begunMs.length, 2);
  const selfStopping = started(() => selfStopping.cycle.stop());
  selfStopping.clock.advance(100);
  assert.equal(selfStopping.begunMs.length, 1);
  assert.equal(selfStopping.clock.timers, 0);
});
