import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  type ClockHistory,
  correctedInOrder,
  correctedMs,
  type KnownClock,
  UNKNOWN_CLOCK,
  withMeasurement,
} from './clock-history.ts';
import { bestSample, sampleOf, withSample } from './clock-offset.ts';

/** A measurement of a clock that is ahead by `offsetMs`; the answer took `share` of the round trip. */
const look = (requestedMs: number, offsetMs: number, tookMs: number, share = 0.5) =>
  sampleOf({ requestedMs, tookMs, theirMs: requestedMs + tookMs * share + offsetMs });

const after = (...looks: readonly ReturnType<typeof look>[]): KnownClock =>
  looks.reduce((known, each) => withMeasurement(known, each), UNKNOWN_CLOCK);

describe('the offset of a clock', () => {
  it('is wrong by no more than half the round trip, whichever direction was slow', () => {
    for (const share of [0, 0.1, 0.5, 0.9, 1]) {
      const { offsetMs, uncertaintyMs } = look(1000, 7000, 80, share);
      assert.equal(uncertaintyMs, 40);
      assert.ok(Math.abs(offsetMs - 7000) <= uncertaintyMs, `${offsetMs} at ${share}`);
    }
  });

  it('is that of the shortest recent round trip', () => {
    const samples = [look(0, 500, 4), look(1000, 500, 300, 1), look(2000, 500, 90, 0)].reduce(withSample, [] as never);
    assert.equal(bestSample(samples, 3000)?.offsetMs, 500);
    const later = Array.from({ length: 8 }, (_, index) => look(10_000 + index, 500, 20, 1)).reduce(withSample, samples);
    assert.equal(later.length, 8);
    assert.equal(bestSample(later, 11_000)?.offsetMs, 510);
  });

  it('forgets measurements that a later one contradicts', () => {
    const samples = withSample([look(0, 500, 2)], look(1000, 700, 300));
    assert.equal(samples.length, 1);
    assert.equal(samples[0]?.offsetMs, 700);
  });

  it('gets less certain with time', () => {
    const samples = [look(0, 500, 2)];
    assert.equal(bestSample(withSample(samples, look(1e7, 650, 60)), 1e7)?.offsetMs, 650);
  });
});

describe('the history of a clock', () => {
  const HOUR = 3_600_000;

  it('is one epoch while the clock is slewed, and another if it is set', () => {
    const slewed = after(look(0, 500, 4), look(30_000, 560, 4), look(60_000, 620, 4));
    assert.deepEqual(
      slewed.history.map(({ offsetMs }) => Math.round(offsetMs)),
      [620],
    );
    const { history } = after(look(0, 500, 4), look(30_000, HOUR, 4), look(60_000, HOUR, 4));
    assert.deepEqual(
      history.map(({ offsetMs, fromMs, untilMs }) => [Math.round(offsetMs), fromMs, untilMs]),
      [
        [HOUR, 30_002, 60_002],
        [500, 2, 2],
      ],
    );
  });

  it('has no further epoch after a slow answer', () => {
    const { history } = after(look(0, 500, 4), look(30_000, 500, 4000, 1), look(60_000, 500, 4));
    assert.equal(history.length, 1);
    assert.ok(Math.abs((history[0]?.offsetMs ?? 0) - 500) < 1);
  });

  it('is bounded', () => {
    const looks = Array.from({ length: 50 }, (_, index) => look(index * 1000, index * HOUR, 2));
    assert.equal(after(...looks).history.length, 16);
  });

  it('corrects a time by the offset of that time, if the clock was set forward', () => {
    const { history } = after(look(0, 0, 2), look(30_000, HOUR, 2), look(60_000, HOUR, 2));
    assert.equal(correctedMs(history, 29_000), 29_000);
    assert.equal(correctedMs(history, 45_000 + HOUR), 45_000);
    assert.equal(correctedMs(history, -10 * HOUR), -10 * HOUR);
  });

  it('leaves the past unchanged if the clock was set back', () => {
    const { history } = after(look(0, HOUR, 2), look(30_000, 0, 2), look(2 * HOUR, 0, 2));
    assert.equal(correctedMs(history, 20_000 + HOUR), 20_000);
    assert.equal(correctedMs(history, 45_000), 45_000);
    assert.equal(correctedMs(history, 2 * HOUR), 2 * HOUR);
  });

  it('corrects nothing if the clocks may be equal', () => {
    const { history } = after(look(0, 0, 40, 1));
    assert.equal(Math.round(history[0]?.offsetMs ?? 0), 20);
    assert.equal(correctedMs(history, 1234), 1234);
  });

  it('corrects nothing of a clock that was never measured', () => {
    assert.equal(correctedMs([], 1234), 1234);
    assert.deepEqual(correctedInOrder([], [5, 3]), [5, 3]);
  });

  it('uses the order of two equal times to distinguish them after a clock was set back', () => {
    const history: ClockHistory = after(look(0, HOUR, 2), look(30_000, 0, 2), look(2 * HOUR, 0, 2)).history;
    // Written at 10 s and 20 s by a clock that was an hour ahead, then, an hour later, at the same times of the
    // corrected clock.
    const newestFirst = [HOUR + 20_000, HOUR + 10_000, HOUR + 20_000, HOUR + 10_000];
    assert.deepEqual(correctedInOrder(history, newestFirst), [HOUR + 20_000, HOUR + 10_000, 20_000, 10_000]);
  });

  it('keeps the order of entries that a clock wrote without a measurement meanwhile', () => {
    const { history } = after(look(0, 0, 2));
    assert.deepEqual(correctedInOrder(history, [5000, 9000, 1000]), [5000, 5000, 1000]);
  });
});
