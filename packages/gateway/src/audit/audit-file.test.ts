import assert from 'node:assert/strict';
import { it } from 'node:test';
import { MemoryFiles, SimulatedClock } from '@medkit/edges/testing';
import { auditFile } from './audit-file.ts';

it('the audit log is located and opened on its first use, and again after a failure', async () => {
  const calls: string[] = [];
  let failure: Error | undefined = new Error('the parameter file is not there');
  const file = auditFile({
    place: async () => {
      calls.push('place');
      if (failure) throw failure;
      return { path: ':memory:', limits: { maxRecords: 0 } };
    },
    files: new MemoryFiles(),
    clock: new SimulatedClock(),
    log: () => undefined,
  });
  assert.deepEqual([calls, file.path, file.opened, file.isShort], [[], undefined, undefined, false]);
  await assert.rejects(file.store(), failure);
  failure = undefined;
  const [one, other] = await Promise.all([file.store(), file.store()]);
  assert.equal(one, other);
  assert.deepEqual([file.path, file.opened, await file.exists()], [':memory:', one, true]);
  await file.close();
  await assert.rejects(one.read('SELECT 1'), { name: 'StoreClosed' });
});
