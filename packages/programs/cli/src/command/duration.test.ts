import assert from 'node:assert/strict';
import { test } from 'node:test';
import { durationSeconds } from './duration.ts';
import { CommandFailed } from './failure.ts';

test('a duration is seconds, or numbers with units', () => {
  for (const [text, seconds] of [
    ['300', 300],
    ['90s', 90],
    ['5m', 300],
    ['1h30m', 5400],
    ['2d', 172_800],
  ] as const) {
    assert.equal(durationSeconds('for', text), seconds, text);
  }
  for (const text of ['', '0', '0m', '-5', '5x', 'm', '1h30', '1.5h', '99999999999']) {
    assert.throws(() => durationSeconds('for', text), CommandFailed, text);
  }
});
