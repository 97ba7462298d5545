import assert from 'node:assert/strict';
import { it } from 'node:test';
import { ALL_ROUTES } from '@medkit/contract';
import { callContext, openModel } from '@medkit/core';
import { app, memoryRuntime } from '@medkit/core/testing';
import { SimulatedClock } from '@medkit/edges/testing';
import { scopedRoutes } from './scoped-routes.ts';

it('topics whose names fold to one operation id get the same ids in any order of the list', async () => {
  const clock = new SimulatedClock();
  const address = { runtime: 'memory', nativeId: '/arm' };
  const runtime = memoryRuntime({ apps: [app('arm', { address })], data: { '/arm': {} } });
  const model = await openModel({ runtimes: [runtime], clock, log: () => undefined });
  const idsOf = async (topics: readonly string[]) => {
    const items = topics.map((id) => ({ id, name: id, category: 'currentData' as const }));
    const data = { list: async () => ({ items }) };
    const source = { model, data, operations: {}, routes: ALL_ROUTES } as unknown as Parameters<typeof scopedRoutes>[1];
    const routes = await scopedRoutes('apps/arm/data', source, callContext({ clock, timeoutMs: 1000 }));
    const pairs = routes.map(({ path, method, operationId }) => [`${method} ${path}`, operationId] as const);
    assert.equal(new Set(pairs.map(([, id]) => id)).size, pairs.length);
    return Object.fromEntries(pairs.sort(([one], [other]) => (one < other ? -1 : 1)));
  };
  const topics = ['/a/b', '/a_b', '/a-b', '/a_b_2', '/plain'];
  const ids = await idsOf(topics);
  assert.deepEqual(await idsOf(topics.toReversed()), ids);
  assert.match(JSON.stringify(ids), /"getAppDataItem_plain"/);
  await model.close();
});
