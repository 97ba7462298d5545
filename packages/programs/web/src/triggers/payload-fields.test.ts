import assert from 'node:assert/strict';
import { test } from 'node:test';
import { eventSubject, payloadFields } from './payload-fields.ts';

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

test('an event is about a fault, an operation or a log entry', () => {
  assert.equal(eventSubject({ fault_code: 'HOT', status: 'CONFIRMED' }), 'HOT');
  assert.equal(eventSubject({ action_path: '/dock', status: 'aborted' }), '/dock');
  assert.equal(eventSubject({ severity: 'error', message: 'Goal failed' }), 'Goal failed');
  assert.deepEqual([eventSubject({ data: 3 }), eventSubject(3), eventSubject({ message: 3 })], ['', '', '']);
});
