import assert from 'node:assert/strict';
import { afterEach, describe, it } from 'node:test';
import type { LifecycleAction } from '@medkit/contract';
import { app } from '@medkit/core/testing';
import { eventually } from '../harness/eventually.ts';
import { armGateways, armRobot, withUpdates } from './robots.ts';

const { start, close, closeAll } = armGateways();
afterEach(closeAll);

describe('the updates of other gateways', () => {
  it('are listed under the name of their gateway, with their origin, and filters apply', async () => {
    const yard = await start('yard', (await withUpdates('navigation-2.1.0', 'map')).options);
    const head = await start('dock', { ...(await withUpdates('map')).options, peers: { yard: yard.url } });
    const ids = ['map', 'yard__navigation-2.1.0', 'yard__map'];
    const { status, body } = await head.ask('GET', '/updates');
    assert.deepEqual([status, body.items], [200, ids]);
    assert.deepEqual(body['x-medkit'], { origins: { 'yard__navigation-2.1.0': 'yard', yard__map: 'yard' } });
    assert.deepEqual((await head.ask('GET', '/updates?origin=proximity')).body.items, []);
    assert.equal((await head.ask('GET', '/updates?origin=nonsense')).status, 400);
    const alone = await head.ask('GET', '/updates', undefined, { 'x-medkit-no-fan-out': '1' });
    assert.deepEqual(alone.body, { items: ['map'] });
  });

  it('are listed with their status if requested, and with unregistered ones', async () => {
    const remote = await withUpdates('navigation-2.1.0', 'map');
    const { updates } = remote.options.parts.plugins;
    const unregistered = { artifact: 'arm-3', id: 'arm-3', version: '3.0.0', target: 'robot' };
    const plugins = {
      ...remote.options.parts.plugins,
      updates: { ...updates, unregistered: async () => [unregistered] },
    };
    const yard = await start('yard', { ...remote.options, parts: { plugins } });
    const head = await start('dock', { ...(await withUpdates('map')).options, peers: { yard: yard.url } });
    const { status, body } = await head.ask('GET', '/updates?expand=status');
    assert.deepEqual([status, body.items], [200, ['map', 'yard__navigation-2.1.0', 'yard__map']]);
    const standing = { version: '2.1.0', status: 'pending', 'x-medkit-phase': 'none', 'x-medkit': { phase: 'none' } };
    assert.deepEqual(
      body['x-medkit'].updates,
      body.items.map((id: string) => ({ id, ...standing })),
    );
    assert.deepEqual(body['x-medkit'].unregistered, [{ ...unregistered, origin: 'yard' }]);
    const refused = await head.ask('GET', '/updates?expand=all');
    assert.deepEqual([refused.status, refused.body.error_code], [400, 'invalid-parameter']);
  });

  it('are shown, prepared, executed and deleted there, with local addresses', async () => {
    const remote = await withUpdates('map');
    const local = await withUpdates('map');
    const yard = await start('yard', remote.options);
    const head = await start('dock', { ...local.options, peers: { yard: yard.url } });
    const update = (await head.ask('GET', '/updates/yard__map')).body;
    assert.deepEqual([update.id, update.version], ['yard__map', '2.1.0']);
    const phase = async () => (await head.ask('GET', '/updates/yard__map/status')).body['x-medkit'].phase;
    assert.equal(await phase(), 'none');
    const early = await head.ask('PUT', '/updates/yard__map/execute');
    assert.deepEqual([early.status, early.body.vendor_code], [400, 'x-medkit-update-not-prepared']);
    for (const [task, done] of [
      ['prepare', 'prepared'],
      ['execute', 'executed'],
      ['automated', 'executed'],
    ]) {
      const begun = await head.ask('PUT', `/updates/yard__map/${task}`);
      assert.deepEqual([begun.status, begun.headers.get('location')], [202, '/api/v1/updates/yard__map/status']);
      await eventually(`${done}`, async () => (await phase()) === done);
    }
    assert.deepEqual(remote.tasks, ['prepare map', 'execute map', 'prepare map', 'execute map']);
    assert.deepEqual(local.tasks, []);
    const missing = await head.ask('GET', '/updates/yard__nothing');
    assert.deepEqual(
      [missing.status, missing.body.vendor_code, missing.body.parameters.update_id],
      [404, 'x-medkit-update-not-found', 'yard__nothing'],
    );
    assert.equal((await head.ask('GET', '/updates/pit__map')).status, 404);
    assert.equal((await head.ask('DELETE', '/updates/yard__map')).status, 204);
    assert.deepEqual((await head.ask('GET', '/updates')).body.items, ['map']);
    assert.deepEqual((await yard.ask('GET', '/updates')).body.items, []);
  });

  it('are not shadowed if this gateway installs none, and do not shadow local updates', async () => {
    const remote = await withUpdates('map');
    const yard = await start('yard', remote.options);
    const plain = await start('dock', { peers: { yard: yard.url } });
    assert.deepEqual((await plain.ask('GET', '/updates')).body.items, ['yard__map']);
    assert.equal((await plain.ask('GET', '/updates/yard__map')).status, 200);
    assert.equal((await plain.ask('GET', '/updates/map')).status, 501);
    const local = await withUpdates('yard__map');
    const head = await start('pit', { ...local.options, peers: { yard: yard.url } });
    await head.ask('PUT', '/updates/yard__map/prepare');
    await eventually('it', async () => local.tasks.length === 1);
    assert.deepEqual(remote.tasks, []);
  });

  it('are reachable through a gateway in between, and are named as missing while their gateway is offline', async () => {
    const tail = await start('tail', (await withUpdates('map')).options);
    const middle = await start('middle', { ...(await withUpdates()).options, peers: { tail: tail.url } });
    const head = await start('dock', { peers: { middle: middle.url } });
    const { body } = await head.ask('GET', '/updates');
    assert.deepEqual(body, {
      items: ['middle__tail__map'],
      'x-medkit': { origins: { middle__tail__map: 'middle' } },
    });
    assert.equal((await head.ask('GET', '/updates/middle__tail__map')).body.id, 'middle__tail__map');
    await close(tail);
    const partial = (await head.ask('GET', '/updates')).body;
    assert.deepEqual([partial.items, partial['x-medkit'].partial], [[], true]);
    assert.equal((await head.ask('GET', '/updates/middle__tail__map')).status, 502);
  });
});

describe('the lifecycle of an entity of another gateway', () => {
  it('is reported with local addresses of its transitions, and changed there', async () => {
    const begun: LifecycleAction[] = [];
    const robot = armRobot('yard', {
      lifecycle: {
        status: async (nativeId) =>
          nativeId === '/arm'
            ? { status: 'ready', actions: ['restart', 'force-shutdown'], state: 'active' }
            : undefined,
        change: async (_nativeId, action) => void begun.push(action),
      },
    });
    const address = { runtime: 'ros2', nativeId: '/arm' };
    const yard = await start('yard', {
      robot: { ...robot, apps: [...(robot?.apps ?? []), app('lidar', { address })] },
    });
    const localRobot = armRobot('dock');
    const head = await start('dock', {
      robot: { ...localRobot, apps: [...(localRobot?.apps ?? []), app('lidar')] },
      peers: { yard: yard.url },
    });
    for (const id of ['yard_arm', 'yard__lidar']) {
      const base = `/api/v1/apps/${id}/status`;
      const { status, body } = await head.ask('GET', `/apps/${id}/status`);
      assert.deepEqual(
        [status, body.status, body.start, body.restart, body['force-shutdown']],
        [200, 'ready', undefined, `${base}/restart`, `${base}/force-shutdown`],
      );
      const changed = await head.ask('PUT', `/apps/${id}/status/restart`);
      assert.deepEqual([changed.status, changed.text, changed.headers.get('location')], [202, '', base]);
    }
    assert.deepEqual(begun, ['restart', 'restart']);
    assert.equal((await head.ask('GET', '/components/yard_base/status')).body.status, 'ready');
    assert.equal((await head.ask('PUT', '/components/yard_base/status/restart')).status, 501);
    assert.equal((await head.ask('PUT', '/apps/yard_arm/status/stop')).status, 404);
  });
});
