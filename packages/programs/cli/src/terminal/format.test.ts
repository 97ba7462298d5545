import assert from 'node:assert/strict';
import { test } from 'node:test';
import { formatBytes, formatDuration, formatOffset, formatTime } from './format.ts';

test('sizes are formatted in powers of a thousand', () => {
  for (const [bytes, text] of [
    [0, '0 B'],
    [999, '999 B'],
    [1500, '1.5 kB'],
    [99_600, '100 kB'],
    [203_088, '203 kB'],
    [999_600, '1.0 MB'],
    [5_000_000_000, '5.0 GB'],
    [5e18, '5000000 TB'],
  ] as const) {
    assert.equal(formatBytes(bytes), text);
  }
});

test('a time has its date if that is not today', () => {
  const now = new Date(2026, 2, 23, 12);
  assert.equal(formatTime(new Date(2026, 2, 23, 2, 4, 6, 7), now), '02:04:06.007');
  assert.equal(formatTime(new Date(2026, 2, 22, 2, 4, 6, 7), now), '2026-03-22 02:04:06.007');
  assert.equal(formatTime(new Date('never'), now), '');
});

test('durations are formatted with a useful precision', () => {
  const minute = 60_000;
  for (const [ms, text] of [
    [0, '0.0 s'],
    [5041, '5.0 s'],
    [100_000, '100.0 s'],
    [2 * minute, '2 min'],
    [119 * minute, '119 min'],
    [185 * minute, '3 h 5 min'],
    [52 * 60 * minute, '2 d 4 h'],
  ] as const) {
    assert.equal(formatDuration(ms), text);
  }
  assert.deepEqual([formatOffset(-18_010), formatOffset(5041)], ['-18.0 s', '+5.0 s']);
});
