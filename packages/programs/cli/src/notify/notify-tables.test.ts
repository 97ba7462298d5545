import assert from 'node:assert/strict';
import { test } from 'node:test';
import { receiverTable } from './list.ts';
import { testTable } from './test-receivers.ts';

test('receivers are listed with their waiting messages and their problem', () => {
  const [head, oncall, boss] = receiverTable([
    {
      name: 'oncall',
      type: 'ntfy',
      severity: 'error',
      waiting: 0,
      given_up: 0,
      last_delivered: '2026-03-23T02:12:54.000Z',
    },
    {
      name: 'boss',
      type: 'slack',
      severity: 'critical',
      after_min: 15,
      waiting: 2,
      given_up: 1,
      problem: 'HTTP\u001b[2J 502',
    },
  ]).split('\n');
  assert.match(head ?? '', /^RECEIVER +TYPE +SEVERITY +QUEUED +DROPPED +LAST DELIVERED +PROBLEM$/);
  assert.match(oncall ?? '', /^oncall +ntfy +error +0 +0 +2026-03-2\d \d\d:\d\d:54/);
  assert.match(boss ?? '', /^boss +slack +critical, after 15 min +2 +1 +not since startup +HTTP.* 502$/);
  assert.ok(!boss?.includes('\u001b'), 'what a receiver says does not steer the terminal');
  assert.match(receiverTable([]), /notify\.receivers/);
});

test('the result of a test is shown for each receiver', () => {
  const [, one, other] = testTable([
    { receiver: 'oncall', delivered: true, status: 200, reply: 'ok', duration_ms: 48.4 },
    { receiver: 'boss', delivered: false, error: 'connect ECONNREFUSED', duration_ms: 3 },
  ]).split('\n');
  assert.match(one ?? '', /^oncall +delivered +48 ms +HTTP 200$/);
  assert.match(other ?? '', /^boss +not delivered +3 ms +connect ECONNREFUSED$/);
});
