import assert from 'node:assert/strict';
import { it } from 'node:test';
import { MemoryFiles } from '@medkit/edges/testing';
import { testConfig } from '../testing/test-gateway.ts';
import { auditLocation } from './audit-location.ts';

async function placeOf(parameters: object | undefined, mode = 'own') {
  const document = JSON.stringify({ fault_manager: { ros__parameters: parameters } });
  const config = await testConfig({
    fault_manager: { mode, config_file: parameters ? '/robot/faults.yaml' : '' },
    audit: { max_requests: 7, max_observed: 5 },
  });
  return auditLocation({ ...config, data_dir: '/data' }, new MemoryFiles({ '/robot/faults.yaml': document }));
}

it('requests and faults share one audit log next to the fault database, with a limit for each kind of record', async () => {
  const maxOf = { request: 7, request_minor: 7, access: 10_080, observed: 5 };
  const ownerOf = { request: 'principal', request_minor: 'principal', observed: 'source' };
  assert.deepEqual(await placeOf(undefined), {
    path: '/data/fault_audit.db',
    limits: { maxRecords: 0, maxOf, ownerOf },
  });
  const named = { 'audit_log.database_path': 'log.db', 'audit_log.retention_max_records': 3 };
  assert.deepEqual(await placeOf(named), { path: '/robot/log.db', limits: { maxRecords: 3, maxOf, ownerOf } });
  assert.equal((await placeOf({ database_path: '/faults/f.db' })).path, '/faults/fault_audit.db');
  assert.equal((await placeOf({ storage_type: 'memory' })).path, ':memory:');
});

it('the audit log of a fault manager on the robot is left to that fault manager', async () => {
  const attached = await placeOf({ 'audit_log.database_path': '/var/lib/theirs.db' }, 'attach');
  assert.equal(attached.path, '/data/fault_audit.db');
});
