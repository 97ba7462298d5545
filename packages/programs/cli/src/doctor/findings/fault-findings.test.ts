import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { FaultListItem } from '@medkit/contract';
import { faultFindings } from './fault-findings.ts';

const fault = (fault_code: string, more: Partial<FaultListItem> = {}): FaultListItem => ({
  fault_code,
  severity: 2,
  status: 'CONFIRMED',
  ...more,
});

test('confirmed faults are a problem, and the first of them are named', () => {
  assert.deepEqual(faultFindings([fault('OLD', { status: 'HEALED' }), fault('SOON', { status: 'PREFAILED' })]), []);
  const [one] = faultFindings([fault('MOTOR_HOT', { entity_id: 'arm', description: 'Too hot' })]);
  assert.deepEqual([one?.id, one?.severity, one?.seen], ['faults', 'warning', 'MOTOR_HOT on arm (Too hot).']);
  assert.match(one?.remedy ?? '', /medkit faults show MOTOR_HOT/);
  const many = faultFindings(Array.from({ length: 7 }, (_, at) => fault(`F${at}`, { reporting_sources: ['/n'] })));
  assert.deepEqual(
    many.map(({ seen }) => seen),
    ['F0 on /n; F1 on /n; F2 on /n; F3 on /n; F4 on /n; and 2 more.'],
  );
});
