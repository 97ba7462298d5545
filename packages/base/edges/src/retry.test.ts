import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { seededRandom } from './random.ts';
import { pause, restartDelays, retryAfterMs, retryDelayMs } from './retry.ts';
import { SimulatedClock } from './testing/clock.ts';

const never = { float: () => 0 };

describe('the delay before a retry', () => {
  it('doubles from the first to the maximum, after any number of failures', () => {
    const delays = [1, 2, 3, 7, 8, 1e9].map((failures) =>
      retryDelayMs({ firstMs: 500, maxMs: 30_000 }, failures, never),
    );
    assert.deepEqual(delays, [500, 1000, 2000, 30_000, 30_000, 30_000]);
  });

  it('is shortened by a random part', () => {
    assert.equal(retryDelayMs({ firstMs: 500, maxMs: 30_000 }, 1, { float: () => 0.5 }), 375);
    const random = seededRandom(3);
    for (const jitter of [0.5, 1]) {
      const delays = Array.from({ length: 400 }, () => retryDelayMs({ firstMs: 1000, maxMs: 8000, jitter }, 4, random));
      const [least, most] = [Math.min(...delays), Math.max(...delays)];
      assert.ok(least >= 8000 * (1 - jitter) && least < 8000 * (1.1 - jitter), String(least));
      assert.ok(most <= 8000 && most > 7600, String(most));
    }
  });
});

describe('the delay before a restart', () => {
  it('doubles while each run ends soon, and is short again after a long run', () => {
    const delayAfter = restartDelays({ firstMs: 250, maxMs: 30_000 }, 60_000);
    const delays = Array.from({ length: 10 }, () => delayAfter(1000));
    assert.deepEqual(delays, [250, 500, 1000, 2000, 4000, 8000, 16_000, 30_000, 30_000, 30_000]);
    assert.deepEqual([delayAfter(60_000), delayAfter(1000)], [250, 500]);
  });
});

describe('the delay that a server requests', () => {
  it('is a number of seconds or a date, up to a maximum', () => {
    const clock = new SimulatedClock();
    const delayOf = (text: string) => retryAfterMs({ headers: { 'retry-after': text } }, clock, 3_600_000);
    assert.deepEqual(['30', ' 0 ', '-1', '', 'soon', '1e3'].map(delayOf), [30_000, 0, 0, 0, 0, 0]);
    assert.equal(delayOf(new Date(clock.wallMs() + 90_000).toUTCString()), 90_000);
    assert.equal(delayOf('999999999'), 3_600_000);
    assert.equal(retryAfterMs({ headers: {} }, clock, 1000), 0);
  });
});

describe('a pause', () => {
  it('ends after its time, or when it is aborted', async () => {
    const clock = new SimulatedClock();
    const abort = new AbortController();
    const ended: string[] = [];
    const pauses = [
      pause(clock, 100, new AbortController().signal).then(() => ended.push('short')),
      pause(clock, 1000, abort.signal).then(() => ended.push('aborted')),
      pause(clock, 1000, AbortSignal.abort()).then(() => ended.push('never began')),
    ];
    await clock.advanceAsync(100, 10);
    abort.abort();
    await Promise.all(pauses);
    assert.deepEqual(ended, ['never began', 'short', 'aborted']);
  });
});
