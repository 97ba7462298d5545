import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isoTime } from './log-item.ts';

test('times have nine decimals, before 1970 as well', () => {
  assert.equal(isoTime(1_774_231_973_000_000_042n), '2026-03-23T02:12:53.000000042Z');
  assert.equal(isoTime(0n), '1970-01-01T00:00:00.000000000Z');
  assert.equal(isoTime(999_999_999n), '1970-01-01T00:00:00.999999999Z');
  assert.equal(isoTime(-1n), '1969-12-31T23:59:59.999999999Z');
  assert.equal(isoTime(-1_000_000_000n), '1969-12-31T23:59:59.000000000Z');
});
