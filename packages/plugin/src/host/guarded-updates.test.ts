import assert from 'node:assert/strict';
import { it } from 'node:test';
import { callContext, type UpdateProvider } from '@medkit/core';
import { memoryUpdates } from '@medkit/core/testing';
import { SimulatedClock } from '@medkit/edges/testing';
import { guardedUpdates } from './guarded-updates.ts';

it('a provider of updates has its methods guarded, its own and those of its class, and no others', async () => {
  const { provider, tasks } = memoryUpdates({ resumes: false });
  const served: string[] = [];
  const guarded = guardedUpdates(Object.create(provider) as UpdateProvider, async (hook, _call, work) => {
    served.push(hook);
    return work();
  });
  const call = callContext({ clock: new SimulatedClock(), timeoutMs: 1000 });
  await guarded.register({ id: 'map-2' }, call);
  await guarded.prepare('map-2', call);
  assert.deepEqual(await guarded.list(call), [{ id: 'map-2' }]);
  assert.deepEqual([tasks, guarded.resume], [['prepare map-2'], undefined]);
  assert.deepEqual(served, ['updates.register', 'updates.prepare', 'updates.list']);
});
