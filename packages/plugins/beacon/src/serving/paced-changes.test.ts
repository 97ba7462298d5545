import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { SimulatedClock } from '@medkit/edges/testing';
import { PacedChanges } from './paced-changes.ts';

function scene() {
  const clock = new SimulatedClock();
  const reportedMs: number[] = [];
  const changes = new PacedChanges(clock, () => reportedMs.push(clock.monotonicMs()));
  return { clock, reportedMs, changes };
}

describe('3.1 changes that a beacon reports', () => {
  it('3.1: the first is reported immediately, those within a second of it as one', () => {
    const { clock, reportedMs, changes } = scene();
    for (let at = 0; at < 25; at++) {
      changes.in(0);
      clock.advance(100);
    }
    clock.advance(5000);
    assert.deepEqual(reportedMs, [0, 1000, 2000, 3000]);
    assert.equal(clock.timers, 0);
  });

  it('3.1: one timer waits for the next of several future changes', () => {
    const { clock, reportedMs, changes } = scene();
    changes.in(9000);
    changes.in(4000);
    changes.in(7000);
    assert.equal(clock.timers, 1);
    clock.advance(20_000);
    assert.deepEqual(reportedMs, [4000]);
  });

  it('3.1: a change beyond the longest timer is checked again when that timer ends', () => {
    const { clock, reportedMs, changes } = scene();
    changes.in(90 * 24 * 3_600_000);
    clock.advance(3_600_000);
    assert.deepEqual(reportedMs, [3_600_000]);
  });

  it('3.1: nothing is reported after the stop', () => {
    const { clock, reportedMs, changes } = scene();
    changes.in(100);
    changes.stop();
    changes.in(0);
    clock.advance(5000);
    assert.deepEqual([reportedMs, clock.timers], [[], 0]);
  });
});
