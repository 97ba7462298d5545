import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { formatDuration, formatOffset, robotClock, timeMs } from './times.ts';

describe('times', () => {
  it('are read in the formats of the API', () => {
    assert.equal(timeMs(1_774_232_077.125), 1_774_232_077_125);
    assert.equal(timeMs('2026-03-23T02:14:37.125Z'), 1_774_232_077_125);
    for (const none of [undefined, null, '', 'yesterday', Number.NaN, 1e14, Number.POSITIVE_INFINITY])
      assert.equal(timeMs(none), undefined);
  });

  it('of a clock that began at zero are marked as such, and are distinct', () => {
    assert.equal(robotClock(3_629_125, 3), '1:00:29.125');
    assert.equal(robotClock(61_000, 0), '0:01:01');
  });

  it('between two events are formatted', () => {
    for (const [ms, text] of [
      [0, '0.00 s'],
      [420, '0.42 s'],
      [9940, '9.9 s'],
      [12_900, '12 s'],
      [250_000, '4:10 min'],
      [7_380_000, '2:03 h'],
      [5 * 86_400_000, '5 d'],
    ] as const) {
      assert.equal(formatDuration(ms), text);
    }
    assert.deepEqual([formatOffset(4600), formatOffset(-200)], ['+4.6 s', '−0.20 s']);
  });
});
