import assert from 'node:assert/strict';
import { afterEach, describe, it } from 'node:test';
import { app } from '@medkit/core/testing';
import type { PluginRoute } from '@medkit/plugin';
import { admitRoutes } from '../../packages/gateway/src/plugins/admit-routes.ts';
import { route } from '../../packages/gateway/src/testing/plugin-gateway.ts';
import { armGateways, armRobot } from './robots.ts';

const { start, closeAll } = armGateways();
afterEach(closeAll);

const by = { 'x-client-id': 'alice' };

describe('the address of a resource created at another gateway', () => {
  it('is its address at this gateway, whatever address the other gateway is reached by', async () => {
    const yardRobot = armRobot('yard');
    const yard = await start('yard', {
      robot: { ...yardRobot, apps: [...(yardRobot?.apps ?? []), app('lidar')] },
      config: { server: { public_url: 'https://yard.example/robots/7' } },
    });
    const dockRobot = armRobot('dock');
    const robot = { ...dockRobot, apps: [...(dockRobot?.apps ?? []), app('lidar')] };
    const plain = await start('dock', { robot, peers: { yard: yard.url } });
    const known = await start('pier', {
      robot,
      peers: { yard: yard.url },
      config: { server: { public_url: 'https://pier.example' } },
    });
    for (const [gateway, before] of [
      [yard, 'https://yard.example/robots/7'],
      [plain, ''],
      [known, 'https://pier.example'],
    ] as const) {
      for (const id of gateway === yard ? ['lidar'] : ['yard__lidar', 'yard_arm']) {
        const lock = { lock_expiration: 60, break_lock: true };
        const { status, headers, body } = await gateway.ask('POST', `/apps/${id}/locks`, lock, by);
        assert.equal(status, 201);
        assert.equal(headers.get('location'), `${before}/api/v1/apps/${id}/locks/${body.id}`);
      }
    }
  });

  it('is omitted if the other gateway names a foreign address', async () => {
    const addresses = [
      ['https://evil.example/phish', null],
      ['//evil.example/', null],
      ['javascript:alert(1)', null],
      ['//evil.example/api/v1/apps/yard_arm/x-odd', '/api/v1/apps/yard_arm/x-odd'],
      ['/api/v1/apps/yard_arm/x-odd?n=1', '/api/v1/apps/yard_arm/x-odd?n=1'],
    ] as const;
    let at = 0;
    const odd: PluginRoute = route('/apps/{app_id}/x-odd', async () => ({
      headers: { Location: addresses[at]?.[0] ?? '' },
      body: {},
    }));
    const plugins = {
      samplers: new Map(),
      transports: new Map(),
      conditions: { get: () => undefined, names: () => [] },
      updates: undefined,
      logs: undefined,
      scripts: [],
      health: () => ({ warnings: [], blocks: {} }),
      routes: admitRoutes([{ name: 'odd', routes: [odd] }]).routes,
    };
    const yard = await start('yard', { parts: { plugins } });
    const head = await start('dock', { peers: { yard: yard.url } });
    for (; at < addresses.length; at++) {
      const { headers } = await head.ask('GET', '/apps/yard_arm/x-odd');
      assert.equal(headers.get('location'), addresses[at]?.[1], addresses[at]?.[0]);
    }
  });
});
