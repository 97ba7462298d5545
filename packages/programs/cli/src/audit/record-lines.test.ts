import assert from 'node:assert/strict';
import { it } from 'node:test';
import type { AuditRecord } from '@medkit/contract';
import { recordTable } from './record-lines.ts';

const common = { timestamp: '2026-03-23T02:12:53.000000042Z', hash: 'aa' };
const request = {
  method: 'PUT',
  operation_id: 'setAppConfiguration',
  path: '/api/v1/apps/planner/configurations/rate',
  remote_address: '127.0.0.1',
  status: 409,
  outcome: 'refused',
  duration_ms: 0.4,
} as const;
const fault = { fault_code: 'F1', transition: 'cleared', severity: 2, status: 'CLEARED', source_id: 'clear_service' };

it('requests and faults are in one table, without control characters for a terminal', () => {
  const records: readonly AuditRecord[] = [
    { ...common, id: 12, kind: 'request', request: { ...request, lock_id: 'lock_3', error_code: 'lock-broken' } },
    {
      ...common,
      id: 11,
      kind: 'request',
      request: { ...request, client_id: 'a\u001b[2J', status: 200, notes: { a: 'b' } },
    },
    { ...common, id: 3, kind: 'fault', fault: { ...fault, description: 'd'.repeat(100) } },
  ];
  const rows = recordTable(records)
    .split('\n')
    .map((line) => line.trim().split(/ {2,}/));
  const time = '2026-03-23T02:12:53.000Z';
  const change = 'PUT /apps/planner/configurations/rate';
  assert.deepEqual(rows, [
    ['ID', 'TIME', 'WHO', 'WHAT', 'OUTCOME', 'LOCK', 'MORE'],
    ['12', time, '127.0.0.1', change, '409 lock-broken', 'lock_3'],
    ['11', time, 'a [2J', change, '200', 'a=b'],
    ['3', time, 'clear_service', 'F1 cleared', 'CLEARED', 'd'.repeat(100)],
  ]);
});

it('rejected clients are summarised by number, reason and most frequent source', () => {
  const times = { first: '2026-03-23T02:12:00.000Z', last: '2026-03-23T02:12:40.000Z' };
  const most = [
    { reason: 'wrong-login', address: '192.0.2.7', principal: 'user:alice', count: 40, ...times },
    { reason: 'no-credential', address: '2001:db8::/64', count: 3, ...times },
  ] as const;
  const reasons = { 'wrong-login': 40, 'no-credential': 3 };
  const access = { refused: 43, reasons, from: times.first, to: times.last, sources: 2, most: [...most] };
  const [, row = ''] = recordTable([{ ...common, id: 12, kind: 'access', access }]).split('\n');
  assert.deepEqual(row.trim().split(/ {2,}/).slice(2), [
    '2 sources',
    '43 rejected',
    '40 wrong-login, 3 no-credential',
    '40 wrong-login user:alice, 3 no-credential 2001:db8::/64',
  ]);
});

it('records of several gateways begin with the name of their gateway', () => {
  const local = { ...common, id: 12, kind: 'request', request } as const;
  const rows = recordTable([local, { ...local, 'x-medkit': { origin: 'yard/crane' } }]).split('\n');
  assert.match(rows[0] ?? '', /^GATEWAY +ID +TIME /);
  assert.match(rows[1] ?? '', /^ +12 /);
  assert.match(rows[2] ?? '', /^yard\/crane +12 /);
});
