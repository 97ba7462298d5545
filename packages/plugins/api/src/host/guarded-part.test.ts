import assert from 'node:assert/strict';
import { it } from 'node:test';
import { callContext, type UpdateProvider } from '@medkit/core';
import { memoryUpdates } from '@medkit/core/testing';
import { SimulatedClock } from '@medkit/edges/testing';
import { OPTIONAL_UPDATE_METHODS, UPDATE_METHODS } from '../part-methods.ts';
import { guardedPart } from './guarded-part.ts';

it('guardedPart wraps the methods of an object and of its class, and no missing ones', async () => {
  const { provider, tasks } = memoryUpdates({ resumes: false });
  const served: string[] = [];
  const methods = [...UPDATE_METHODS, ...OPTIONAL_UPDATE_METHODS];
  const inherited = Object.create(provider) as UpdateProvider;
  const guarded = guardedPart('updates', inherited, methods, async (hook, _call, work) => {
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
