import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { AuditRecord, Incident } from '@medkit/contract';
import { auditRow, incidentOfRecord } from './audit-row.ts';

const about = { id: 1, timestamp: '2026-03-23T02:14:33.000000000Z', hash: '0' };
const request: AuditRecord = {
  ...about,
  kind: 'request',
  request: {
    method: 'PUT',
    operation_id: 'setAppConfiguration',
    path: '/api/v1/apps/planner/configurations/rate',
    entity_id: 'planner',
    client_id: 'alice',
    principal: 'user:al',
    remote_address: '127.0.0.1',
    lock_id: 'lock_3',
    status: 409,
    outcome: 'refused',
    error_code: 'lock-broken',
    duration_ms: 0.4,
    notes: { from: '0.6', to: '0.8' },
  },
};
const fault: AuditRecord = {
  ...about,
  kind: 'fault',
  fault: {
    fault_code: 'STOP',
    transition: 'confirmed',
    severity: 2,
    status: 'CONFIRMED',
    source_id: '/gate',
    description: 'Stop',
  },
};

describe('a record of the audit log', () => {
  it('shows a request with client, address, outcome, lock and the values before and after', () => {
    assert.deepEqual(auditRow(request), {
      who: 'al · alice',
      what: 'PUT /apps/planner/configurations/rate',
      entity: 'planner',
      change: '0.6 → 0.8',
      outcome: 'refused',
      reason: '409 lock-broken',
      lock: 'lock_3',
    });
  });

  it('shows a fault, or a change that other clients made', () => {
    assert.deepEqual([auditRow(fault).what, auditRow(fault).outcome], ['STOP', 'confirmed']);
    const observed = { collection: 'configurations', node: '/nav', item: 'rate', to: '5', count: 3 };
    const row = auditRow({ ...about, kind: 'observed', observed });
    assert.deepEqual([row.what, row.change, row.outcome], ['/nav configurations/rate ×3', '– → 5', 'observed']);
  });

  it('belongs to the incident that it changed, or that its fault began', () => {
    const incidents = [{ id: 'inc_7', root: 'STOP', began: '2026-03-23T02:14:33Z' }] as Incident[];
    assert.equal(incidentOfRecord(fault, incidents), 'inc_7');
    assert.equal(incidentOfRecord(request, incidents), undefined);
    const path = '/api/v1/x-medkit-incidents/inc_2%40gate';
    assert.equal(incidentOfRecord({ ...request, request: { ...request.request!, path } }, []), 'inc_2@gate');
    assert.equal(incidentOfRecord({ ...fault, timestamp: '2026-03-23T01:00:00Z' }, incidents), undefined);
  });
});
