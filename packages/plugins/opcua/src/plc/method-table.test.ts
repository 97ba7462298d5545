import assert from 'node:assert/strict';
import { it } from 'node:test';
import { MethodTable } from './method-table.ts';

it('the name of a method that the PLC temporarily does not describe does not pass to another method', async () => {
  const table = new MethodTable();
  const methods = ['ns=2;s=A.Start', 'ns=2;s=B.Start'].map((methodId) => ({
    objectId: 'ns=2;s=O',
    methodId,
    entityId: 'press',
  }));
  const describeMethod = async (methodId: string) => {
    if (methodId === 'ns=2;s=A.Start') throw new Error('no');
    return { input: [], output: [] };
  };
  const problems = await table.describe({ describeMethod }, methods);
  assert.deepEqual(table.of('press'), []);
  assert.equal(problems.length, 2);
});
