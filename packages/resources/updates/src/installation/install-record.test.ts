import assert from 'node:assert/strict';
import { test } from 'node:test';
import { INSTALL_STAGES, type InstallRecord, releaseInUse } from './install-record.ts';

const record: InstallRecord = {
  id: 'new',
  from: 'releases/old',
  to: 'releases/new',
  stage: 'switching',
  entities: [],
  sinceMs: 0,
  starts: 0,
};

test('the release in use changes with the switch and with a rollback, and is unknown in between', () => {
  const inUse = INSTALL_STAGES.map((stage) => [stage, releaseInUse({ ...record, stage })]);
  assert.deepEqual(Object.fromEntries(inUse), {
    switching: 'old',
    activating: 'new',
    gating: 'new',
    confirming: 'new',
    'rolling-back': undefined,
    executed: 'new',
    'rolled-back': 'old',
  });
  assert.equal(releaseInUse({ ...record, from: null }), undefined);
  assert.equal(releaseInUse({ ...record, from: '/opt/other' }), '/opt/other');
});
