import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { correctTime } from './correct-time.ts';

const NOW_MS = Date.UTC(2026, 10, 27);
const HOUR_MS = 3_600_000;
const none = { boots: new Map() };
const clocks = (...boots: readonly (readonly [number, number, number])[]) => ({
  boots: new Map(boots.map(([boot, baseMs, offsetMs]) => [boot, { baseMs, offsetMs }])),
});

describe('the corrected time of a record', () => {
  it('comes from the monotonic clock in a boot in which the hub read a state, whatever the wall clock says', () => {
    const known = clocks([7, NOW_MS - HOUR_MS, 0]);
    for (const atMs of [0, NOW_MS, NOW_MS + 1e12, -1e12]) {
      const corrected = correctTime({ atMs, boot: 7, monoMs: 1500 }, known, undefined, NOW_MS);
      assert.deepEqual(corrected, { atMs: NOW_MS - HOUR_MS + 1500, uncertainMs: 1000 });
    }
  });

  it('in another boot comes from the wall clock with the offset of the nearest boot', () => {
    const known = clocks([2, NOW_MS - 9 * HOUR_MS, 400], [9, NOW_MS - HOUR_MS, -3000]);
    const record = { atMs: NOW_MS - 5 * HOUR_MS, monoMs: 5 };
    assert.deepEqual(correctTime({ ...record, boot: 3 }, known, undefined, NOW_MS), {
      atMs: NOW_MS - 5 * HOUR_MS + 400,
      uncertainMs: 1400,
    });
    assert.equal(correctTime({ ...record, boot: 8 }, known, undefined, NOW_MS).atMs, NOW_MS - 5 * HOUR_MS - 3000);
  });

  it('is between its neighbours: after the previous record, before a later boot, before it was received', () => {
    const previousMs = NOW_MS - 4 * HOUR_MS;
    const known = clocks([5, NOW_MS - HOUR_MS, 0]);
    const early = correctTime({ atMs: NOW_MS - 9 * HOUR_MS, boot: 4, monoMs: 0 }, known, previousMs, NOW_MS);
    assert.deepEqual(early, { atMs: previousMs, uncertainMs: 3 * HOUR_MS });
    const late = correctTime({ atMs: NOW_MS, boot: 4, monoMs: 0 }, known, previousMs, NOW_MS);
    assert.deepEqual(late, { atMs: NOW_MS - HOUR_MS, uncertainMs: 3 * HOUR_MS });
    const future = correctTime({ atMs: NOW_MS + 1e10, boot: 6, monoMs: 0 }, none, previousMs, NOW_MS);
    assert.deepEqual(future, { atMs: NOW_MS, uncertainMs: 4 * HOUR_MS });
    assert.equal(correctTime({ atMs: 0, boot: 5, monoMs: 0 }, known, NOW_MS, NOW_MS).atMs, NOW_MS);
  });

  it('of a robot whose clock was never set has only an upper bound', () => {
    const corrected = correctTime({ atMs: 7000, boot: 1, monoMs: 0 }, none, undefined, NOW_MS);
    assert.deepEqual(corrected, { atMs: NOW_MS, uncertainMs: undefined });
  });

  it('of a previous record in the future of the hub does not pass the time of receipt', () => {
    const corrected = correctTime({ atMs: NOW_MS, boot: 1, monoMs: 0 }, none, NOW_MS + HOUR_MS, NOW_MS);
    assert.deepEqual(corrected, { atMs: NOW_MS, uncertainMs: 1000 });
  });
});
