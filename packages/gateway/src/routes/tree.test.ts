import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { setImmediate } from 'node:timers/promises';
import { app, fault, memoryFaults } from '@medkit/core/testing';
import { testGateway } from '../testing/test-gateway.ts';

const TREE = '/api/v1/x-medkit-tree';

describe('the tree in one reply', () => {
  it('has every entity with its relations, and reports if nothing has changed', async () => {
    const { app: server } = await testGateway();
    const reply = await server.inject({ method: 'GET', url: TREE });
    const { gateway, items } = reply.json();
    assert.deepEqual(gateway, { instance: 'boot' });
    assert.deepEqual(
      items.map(({ type, id }: { readonly type: string; readonly id: string }) => `${type} ${id}`),
      [
        'area warehouse',
        'component amr_01',
        'component arm',
        'app battery_monitor',
        'app lidar_driver',
        'function navigation',
      ],
    );
    assert.deepEqual(items[4], {
      type: 'app',
      id: 'lidar_driver',
      name: 'lidar_driver',
      source: 'heuristic',
      is_online: true,
      component: 'amr_01',
      node: '/lidar_driver',
      runtime: 'memory',
      capabilities: ['scripts', 'locks'],
    });
    const headers = { 'if-none-match': String(reply.headers.etag) };
    assert.equal((await server.inject({ method: 'GET', url: TREE, headers })).statusCode, 304);
  });

  it('counts the open faults of its entities in a separate list, which does not change the tree', async () => {
    const faults = [
      fault('HOT', { severity: 1 }),
      fault('BROKEN', { severity: 3 }),
      fault('WORN', { severity: 3, status: 'PREFAILED' }),
      fault('OVER', { severity: 3, status: 'HEALED' }),
      fault('EMPTY', { severity: 2, sources: ['/battery_monitor'] }),
    ];
    const { app: server } = await testGateway({}, undefined, { faults: memoryFaults({ faults }) });
    const before = (await server.inject({ method: 'GET', url: TREE })).headers.etag;
    const { items } = (await server.inject({ method: 'GET', url: `${TREE}/faults` })).json();
    const none = { info: 0, warning: 0, error: 0, critical: 0 };
    assert.deepEqual(items, [
      { entity_type: 'app', entity_id: 'lidar_driver', ...none, warning: 1, critical: 2 },
      { entity_type: 'app', entity_id: 'battery_monitor', ...none, error: 1 },
    ]);
    assert.equal((await server.inject({ method: 'GET', url: TREE })).headers.etag, before);
  });

  it('is followed by events with its present tag, and with the new tag after every change', async () => {
    const { app: server, runtime, clock } = await testGateway();
    const tag = async () => (await server.inject({ method: 'GET', url: TREE })).headers.etag;
    const before = await tag();
    const stream = server.inject({ method: 'GET', url: `${TREE}/events` });
    for (let turns = 0; turns < 6; turns++) await setImmediate();
    runtime.tell({ apps: [app('other')] });
    await clock.advanceAsync(10);
    for (let turns = 0; turns < 6; turns++) await setImmediate();
    const after = await tag();
    await server.close();
    const events = [...(await stream).payload.matchAll(/^event: tree\ndata: (.+)$/gm)].map(([, data = '']) =>
      JSON.parse(data),
    );
    assert.notEqual(before, after);
    assert.deepEqual(events, [{ etag: before }, { etag: after }]);
  });
});
