import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isoTime, timestampNs } from './iso-time.ts';

test('times have nine decimals, before 1970 as well', () => {
  assert.equal(isoTime(1_774_231_973_000_000_042n), '2026-03-23T02:12:53.000000042Z');
  assert.equal(isoTime(0n), '1970-01-01T00:00:00.000000000Z');
  assert.equal(isoTime(999_999_999n), '1970-01-01T00:00:00.999999999Z');
  assert.equal(isoTime(-1n), '1969-12-31T23:59:59.999999999Z');
  assert.equal(isoTime(-1_000_000_000n), '1969-12-31T23:59:59.000000000Z');
});

test('the plus of a time zone may have been decoded to a space in a query', () => {
  for (const zone of ['+01:00', ' 01:00']) {
    assert.equal(timestampNs(`2026-03-23T03:12:53.5${zone}`), 1_774_231_973_500_000_000n, zone);
  }
  assert.equal(timestampNs('2026-03-23T03:12:53 '), undefined);
});
