import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { SovdError } from '@medkit/contract';
import { memoryUpdates } from '@medkit/core/testing';
import { module, pluginGateway, settled } from '../testing/plugin-gateway.ts';
import { testConfig, testGateway } from '../testing/test-gateway.ts';

/** A gateway with a plugin that installs updates. */
async function setUp(options: Parameters<typeof memoryUpdates>[0] = {}) {
  const { provider } = memoryUpdates(options);
  return pluginGateway({ installer: module(async () => ({ updates: provider })) });
}

describe('updates over HTTP', () => {
  it('are registered, listed, shown unchanged, installed without a body, and deleted', async () => {
    const { ask, close } = await setUp();
    const metadata = {
      id: 'firmware-v2.1',
      automated: true,
      origins: ['remote'],
      version: '2.1',
      size: 12,
      more: { a: [1] },
    };
    const made = await ask('POST', '/updates', metadata);
    assert.deepEqual([made.status, made.body], [201, { id: 'firmware-v2.1' }]);
    assert.equal(made.headers['location'], '/api/v1/updates/firmware-v2.1');
    assert.deepEqual((await ask('GET', '/updates')).body, { items: ['firmware-v2.1'] });
    assert.deepEqual((await ask('GET', '/updates?origin=remote&target-version=2.1')).body.items, ['firmware-v2.1']);
    assert.deepEqual((await ask('GET', '/updates?origin=proximity')).body.items, []);
    assert.deepEqual((await ask('GET', '/updates/firmware-v2.1')).body, metadata);
    for (const action of ['prepare', 'execute', 'automated']) {
      const begun = await ask('PUT', `/updates/firmware-v2.1/${action}`);
      assert.deepEqual([begun.status, begun.text], [202, '']);
      assert.equal(begun.headers['location'], '/api/v1/updates/firmware-v2.1/status');
      await settled();
    }
    assert.deepEqual((await ask('GET', '/updates/firmware-v2.1/status')).body, {
      status: 'completed',
      'x-medkit-phase': 'executed',
      'x-medkit': { phase: 'executed' },
    });
    assert.equal((await ask('DELETE', '/updates/firmware-v2.1')).status, 204);
    assert.equal((await ask('GET', '/updates/firmware-v2.1')).status, 404);
    await close();
  });

  it('can be executed under the condition that a client confirms them', async () => {
    const { provider, tasks } = memoryUpdates();
    const { ask, close } = await pluginGateway({ installer: module(async () => ({ updates: provider })) });
    await ask('POST', '/updates', { id: 'map', automated: true });
    for (const action of ['automated', 'execute']) {
      const begun = await ask('PUT', `/updates/map/${action}`, { 'x-medkit': { confirm_within_sec: 900 } });
      assert.equal(begun.status, 202);
      await settled();
      await ask('PUT', '/updates/map/prepare', {});
      await settled();
    }
    assert.equal((await ask('PUT', '/updates/map/x-medkit-confirm')).status, 204);
    assert.deepEqual(
      tasks.filter((task) => !task.startsWith('prepare')),
      ['execute map 900000 ms', 'execute map 900000 ms', 'confirm map'],
    );
    for (const confirm_within_sec of [0, -1, 1.5, 604_801, '900']) {
      const refused = await ask('PUT', '/updates/map/execute', { 'x-medkit': { confirm_within_sec } });
      assert.deepEqual([refused.status, refused.body.error_code], [400, 'invalid-request'], String(confirm_within_sec));
    }
    await close();
  });

  it('are refused with the code of each reason', async () => {
    const busy = Promise.withResolvers<void>();
    const { ask, close } = await setUp({ onTask: (_, id) => (id === 'busy' ? busy.promise : undefined) });
    for (const id of ['map', 'busy']) await ask('POST', '/updates', { id });
    await ask('PUT', '/updates/busy/prepare');
    const long = 'x'.repeat(257);
    for (const [method, path, payload, status, code] of [
      ['POST', '/updates', {}, 400, 'invalid-request'],
      ['POST', '/updates', { id: 7 }, 400, 'invalid-request'],
      ['POST', '/updates', { id: '../etc' }, 400, 'invalid-request'],
      ['POST', '/updates', { id: long }, 400, 'invalid-request'],
      ['POST', '/updates', { id: 'map' }, 400, 'x-medkit-update-already-exists'],
      ['GET', '/updates?origin=moon', undefined, 400, 'invalid-parameter'],
      ['GET', '/updates/none', undefined, 404, 'x-medkit-update-not-found'],
      ['GET', '/updates/none/status', undefined, 404, 'x-medkit-update-not-found'],
      ['GET', '/updates/a%20b', undefined, 400, 'invalid-request'],
      ['GET', '/updates/.hidden/status', undefined, 400, 'invalid-request'],
      ['PUT', '/updates/none/prepare', undefined, 404, 'x-medkit-update-not-found'],
      ['PUT', '/updates/map/execute', undefined, 400, 'x-medkit-update-not-prepared'],
      ['PUT', '/updates/map/automated', undefined, 400, 'x-medkit-update-not-automated'],
      ['PUT', '/updates/busy/prepare', undefined, 409, 'x-medkit-update-in-progress'],
      ['DELETE', '/updates/busy', undefined, 409, 'x-medkit-update-in-progress'],
      ['DELETE', '/updates/none', undefined, 404, 'x-medkit-update-not-found'],
    ] as const) {
      const { status: got, body } = await ask(method, path, payload);
      assert.deepEqual([got, body.vendor_code ?? body.error_code], [status, code], `${method} ${path}`);
    }
    assert.equal((await ask('GET', '/updates/none')).body.error_code, 'vendor-error');
    busy.resolve();
    await close();
  });

  it('that fail have an error text, with all known details', async () => {
    const refused = new SovdError({ code: 'x-medkit-update-refused', message: 'No', parameters: { reason: 'digest' } });
    const { ask, close } = await setUp({ onTask: () => Promise.reject(refused) });
    await ask('POST', '/updates', { id: 'map' });
    await ask('PUT', '/updates/map/prepare');
    await settled();
    const { body } = await ask('GET', '/updates/map/status');
    assert.deepEqual([body.error, body['x-medkit-phase']], ['No', 'failed']);
    assert.deepEqual(body['x-medkit'], { phase: 'failed', error: refused.body() });
    await close();
  });

  it('can be subscribed to under any entity, and observed by triggers of the entities that they update', async () => {
    const { ask, close } = await setUp();
    await ask('POST', '/updates', { id: 'map', updated_components: ['lidar'] });
    const resource = '/api/v1/updates/map/status';
    const subscription = await ask('POST', '/apps/camera/cyclic-subscriptions', {
      resource,
      interval: 'fast',
      duration: 9,
    });
    assert.equal(subscription.status, 201);
    const of = (entity: string, uri: string) =>
      ask('POST', `/apps/${entity}/triggers`, {
        resource: uri,
        path: '/status',
        trigger_condition: { condition_type: 'OnChangeTo', target_value: 'completed' },
      });
    assert.equal((await of('lidar', '/api/v1/apps/lidar/updates/map/status')).status, 201);
    assert.equal((await of('camera', resource)).status, 201);
    assert.equal((await of('camera', '/api/v1/updates')).status, 400);
    await ask('PUT', '/updates/map/prepare');
    await settled();
    for (const entity of ['lidar', 'camera']) {
      const { body } = await ask('GET', `/apps/${entity}/triggers/${entity === 'lidar' ? 'trig_1' : 'trig_2'}`);
      assert.equal(body.status, 'terminated', entity);
    }
    await close();
  });

  it('are 501 if they are switched off or no installer is configured, and the message gives the reason', async () => {
    const { updates } = await testConfig();
    for (const [change, reason] of [
      [{}, /No installer for software updates is configured: set updates.dir/],
      [{ enabled: false }, /updates.enabled is false/],
    ] as const) {
      const { app } = await testGateway({ updates: { ...updates, ...change } });
      const ask = (method: 'GET' | 'PUT' | 'POST' | 'DELETE', path: string) =>
        app.inject({
          method,
          url: `/api/v1${path}`,
          headers: { host: 'localhost' },
          ...(method === 'POST' && { payload: { id: 'a' } }),
        });
      for (const [method, path] of [
        ['GET', '/updates'],
        ['POST', '/updates'],
        ['GET', '/updates/a'],
        ['DELETE', '/updates/a'],
        ['GET', '/updates/a/status'],
        ['PUT', '/updates/a/prepare'],
        ['PUT', '/updates/a/execute'],
        ['PUT', '/updates/a/automated'],
      ] as const) {
        const reply = await ask(method, path);
        assert.deepEqual([reply.statusCode, reply.json().error_code], [501, 'not-implemented'], path);
        assert.match(reply.json().message, reason);
      }
      assert.equal((await ask('GET', '/')).json().capabilities.updates, false);
      await app.close();
    }
  });

  it('are those of the first plugin that installs updates', async () => {
    const first = memoryUpdates();
    const modules = {
      first: module(async () => ({ updates: first.provider })),
      second: module(async () => ({ updates: memoryUpdates().provider })),
      third: module(async () => ({ updates: { list: async () => [] } as never })),
    };
    const { ask, health, close } = await pluginGateway(modules);
    await ask('POST', '/updates', { id: 'map' });
    assert.deepEqual([...first.updates.keys()], ['map']);
    const { warnings } = await health();
    const messages = warnings.map(({ message }: { message: string }) => message).join('\n');
    assert.match(messages, /Updates of plugin second are not served, because plugin first already serves them/);
    assert.match(messages, /third could not be set up: its provider updates has no get and no register/);
    await close();
  });
});
