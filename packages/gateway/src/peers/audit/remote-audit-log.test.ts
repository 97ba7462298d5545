import assert from 'node:assert/strict';
import { it } from 'node:test';
import { AUDIT_KINDS } from '@medkit/contract';
import { parseRemoteLogs } from './remote-audit-log.ts';

const record = (id: number, kind: string, more: object = {}) => ({
  id,
  timestamp: '2026-03-23T02:00:00.000000000Z',
  kind,
  hash: 'aa',
  ...more,
});

it('records of every kind are read, and invalid ones are named', () => {
  const items = [
    ...AUDIT_KINDS.map((kind, index) => record(9 - index, kind, { [kind]: { of: kind }, besides: true })),
    record(1, 'rumour'),
  ];
  const { pages, dropped } = parseRemoteLogs({ items }, 'yard', new Map(), 100);
  const origin = { 'x-medkit': { origin: 'yard' } };
  assert.deepEqual(
    pages.get('yard'),
    AUDIT_KINDS.map((kind, index) => ({ ...record(9 - index, kind, { [kind]: { of: kind } }), ...origin })),
  );
  assert.deepEqual(
    dropped.map(({ reason }) => reason),
    ['it is not a record'],
  );
});
