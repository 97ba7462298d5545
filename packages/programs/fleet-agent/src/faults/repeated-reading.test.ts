import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { SimulatedClock } from '@medkit/edges/testing';
import { RepeatedReading } from './repeated-reading.ts';

/** Readings that take `ms` each, with their start times. */
function readings(ms: number) {
  const clock = new SimulatedClock();
  const begun: number[] = [];
  const reading = new RepeatedReading({
    clock,
    read: () => {
      begun.push(clock.monotonicMs());
      return new Promise((resolve) => void clock.after(ms, resolve));
    },
  });
  return { clock, begun, reading };
}

describe('repeated reads after changes', () => {
  it('begin immediately, and once more for all requests in the meantime', async () => {
    const { clock, begun, reading } = readings(150);
    for (let count = 0; count < 5; count += 1) reading.request();
    await clock.advanceAsync(400);
    assert.deepEqual(begun, [0, 150]);
    reading.request();
    await clock.advanceAsync(500);
    assert.deepEqual(begun, [0, 150, 400]);
  });

  it('begin ten times a second at most', async () => {
    const { clock, begun, reading } = readings(1);
    for (let at = 0; at < 50; at += 1) {
      reading.request();
      await clock.advanceAsync(10);
    }
    assert.deepEqual(begun, [0, 100, 200, 300, 400, 500]);
  });

  it('end when they are stopped', async () => {
    const { clock, begun, reading } = readings(10);
    reading.request();
    reading.request();
    reading.stop();
    await clock.advanceAsync(500);
    assert.deepEqual(begun, [0]);
  });
});
