import assert from 'node:assert/strict';
import { test } from 'node:test';
import { payloadFields } from './payload-fields.ts';

test('a payload is shown as its members, and its lists by their length', () => {
  const value = { header: { stamp: { sec: 1, nanosec: 500_000_000 } }, ranges: [1, 2], label: '<b>', empty: {} };
  assert.deepEqual(payloadFields(value), [
    ['header.stamp.sec', '1'],
    ['header.stamp.nanosec', '500000000'],
    ['ranges', '[2]'],
    ['label', '<b>'],
    ['empty', ''],
  ]);
  assert.deepEqual(payloadFields(25.4), [['', '25.4']]);
  assert.ok(payloadFields(Object.fromEntries(Array.from({ length: 999 }, (_, at) => [`m${at}`, at]))).length <= 200);
});
