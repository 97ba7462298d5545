import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { MemoryFiles } from '@medkit/edges/testing';
import { readFaultDocuments } from './fault-documents.ts';
import { auditLogLocation, faultDatabasePath } from './fault-paths.ts';

const OF_EXAMPLES = '/var/lib/ros2_medkit/faults.db';

const documents = (parameters: object) =>
  readFaultDocuments(
    new MemoryFiles({ '/robot/faults.yaml': JSON.stringify({ fault_manager: { ros__parameters: parameters } }) }),
    '/robot/faults.yaml',
  );
const placeOf = async (parameters: object, canHold?: boolean) =>
  faultDatabasePath(await documents(parameters), '/data', ...(canHold === undefined ? [] : [() => canHold]));
const auditOf = async (parameters: object) => auditLogLocation(await documents(parameters), '/data');

describe('the database of the faults', () => {
  it('is at database_path, and in the data folder by default', async () => {
    assert.deepEqual(await placeOf({}), { path: '/data/faults.db' });
    assert.deepEqual(await placeOf({ storage_type: 'memory' }), { path: ':memory:' });
    assert.deepEqual(await placeOf({ database_path: 'f.db' }), { path: '/robot/f.db', former: '/data/faults.db' });
    assert.deepEqual(await placeOf({ database_path: '/data/faults.db' }), { path: '/data/faults.db' });
  });

  it('is at the path of the ros2_medkit examples as well, unless this user cannot create a file there', async () => {
    assert.deepEqual(await placeOf({ database_path: OF_EXAMPLES }, true), {
      path: OF_EXAMPLES,
      former: '/data/faults.db',
    });
    assert.deepEqual(await placeOf({ database_path: OF_EXAMPLES }, false), {
      path: '/data/faults.db',
      refused: OF_EXAMPLES,
    });
    const { path } = await placeOf({ database_path: '/proc/none/f.db' }, false);
    assert.equal(path, '/proc/none/f.db', 'what somebody has chosen is an error where it cannot be');
  });

  it('has the audit log next to it, unless a path for the audit log is configured', async () => {
    assert.deepEqual(await auditOf({}), { path: '/data/fault_audit.db' });
    assert.deepEqual(await auditOf({ database_path: '/faults/f.db' }), {
      path: '/faults/fault_audit.db',
      former: '/data/fault_audit.db',
    });
    assert.deepEqual(await auditOf({ database_path: '/data/f.db' }), { path: '/data/fault_audit.db' });
    const named = { database_path: '/faults/f.db', 'audit_log.database_path': '/log.db' };
    assert.deepEqual(await auditOf(named), { path: '/log.db' });
  });
});
