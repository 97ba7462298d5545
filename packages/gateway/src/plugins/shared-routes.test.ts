import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { PluginRoute } from '@medkit/plugin';
import { admitRoutes } from './admit-routes.ts';

function route(shared: boolean): PluginRoute {
  const operationId = 'getAppBeacon';
  const path = '/apps/{app_id}/x-medkit-beacon';
  const about = { operationId, path, summary: '', description: '', parameters: [], responses: {}, errors: [] };
  return { route: { method: 'get', ...about, shared }, handle: async () => ({}) };
}

const admitted = (...shared: readonly boolean[]) =>
  admitRoutes(shared.map((each, at) => ({ name: `plugin_${at}`, routes: [route(each)] })));

test('a route that several plugins share is served by the first, without a message about the others', () => {
  const { routes, refusals } = admitted(true, true, true);
  assert.deepEqual([routes.map(({ plugin }) => plugin), refusals], [['plugin_0'], []]);
});

test('a route is shared only if every plugin declares it so', () => {
  for (const shared of [
    [true, false],
    [false, true],
  ]) {
    const { routes, refusals } = admitted(...shared);
    assert.deepEqual([routes.length, refusals.map(({ plugin }) => plugin)], [1, ['plugin_1']]);
  }
});
