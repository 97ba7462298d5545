import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import type { PastState } from '@medkit/contract';
import { app, memoryConfigurations, memoryRuntime } from '@medkit/core/testing';
import { testConfig, testGateway } from '../testing/test-gateway.ts';

const PATH = '/api/v1/x-medkit-at';

async function setUp() {
  const { history } = await testConfig();
  const configurations = memoryConfigurations({
    '/lidar_driver': {
      speed: { type: 'double', value: 0.6 },
      token: { type: 'string', value: 's3cr3t' },
    },
  });
  const gateway = await testGateway({ history: { ...history, enabled: true } }, undefined, { configurations });
  const { app: server, clock } = gateway;
  const get = async (query: Readonly<Record<string, string>>) => server.inject({ url: PATH, query });
  const at = async (tMs = clock.wallMs(), more: Readonly<Record<string, string>> = {}): Promise<PastState> => {
    const reply = await get({ t: String(tMs), ...more });
    assert.equal(reply.statusCode, 200, reply.body);
    return reply.json();
  };
  return { ...gateway, get, at };
}

suite('GET /x-medkit-at', () => {
  test('answers with the tree, the values and the versions of the moment', async () => {
    const { app: server, clock, runtime, at } = await setUp();
    await clock.advanceAsync(6000, 1000);
    await server.inject('/api/v1/apps/lidar_driver/configurations');
    const one = clock.wallMs();
    await clock.advanceAsync(1000, 100);
    await server.inject({
      method: 'PUT',
      url: '/api/v1/apps/lidar_driver/configurations/speed',
      payload: { data: 0.8 },
    });
    runtime.tell({
      apps: [
        app('lidar_driver', {
          node: '/lidar_driver',
          componentId: 'amr_01',
          address: { runtime: 'memory', nativeId: '/lidar_driver' },
        }),
      ],
    });
    await clock.advanceAsync(1000, 100);
    const [before, after] = [await at(one), await at()];
    const ids = ({ tree }: PastState) => tree.items.map(({ type, id }) => `${type} ${id}`);
    assert.deepEqual(ids(before), [
      'component amr_01',
      'component arm',
      'app battery_monitor',
      'app lidar_driver',
      'function navigation',
      'area warehouse',
    ]);
    assert.ok(!ids(after).includes('app battery_monitor'));
    const values = ({ parameters }: PastState) =>
      parameters.items.map(({ name, value, source }) => [name, value, source]);
    assert.deepEqual(values(before), [['speed', 0.6, 'read']]);
    assert.deepEqual(values(after), [['speed', 0.8, 'written']]);
    assert.deepEqual([before.tree.complete, before.parameters.complete, before.gap], [true, false, undefined]);
    assert.equal(before.versions.items.length, 1);
    const part = await at(one, { entity: 'amr_01' });
    assert.deepEqual(ids(part), ['component amr_01', 'component arm', 'app lidar_driver']);
    assert.equal(part.parameters.total, 1);
  });

  test('gives pages of every section', async () => {
    const { clock, at } = await setUp();
    await clock.advanceAsync(6000, 1000);
    const first = await at(clock.wallMs(), { limit: '4' });
    assert.deepEqual([first.tree.total, first.tree.items.length, first.next_cursor], [6, 4, '4']);
    const second = await at(clock.wallMs(), { limit: '4', cursor: '4' });
    assert.deepEqual([second.tree.items.length, second.next_cursor], [2, undefined]);
  });

  test('refuses moments that have no record, with the remedy', async () => {
    const { clock, get, at } = await setUp();
    const refused = async (query: Readonly<Record<string, string>>): Promise<string> => {
      const reply = await get(query);
      assert.equal(reply.statusCode, 400, JSON.stringify(query));
      return reply.json().message;
    };
    const nowMs = clock.wallMs();
    assert.match(await refused({ t: String(nowMs) }), /nothing is recorded yet/);
    await clock.advanceAsync(6000, 1000);
    assert.match(await refused({ t: String(nowMs) }), /from 2026-01-01T00:00:05.000Z, when the record begins/);
    assert.match(await refused({ t: '2027-01-01T00:00:00Z' }), /it is 2026-01-01T00:00:06.000Z at this gateway/);
    for (const t of ['', '2', '-5', 'yesterday', '2026-13-01T00:00:00Z', '1e300', '\u0000', '2026-01-01', 'NaN'])
      await refused({ t });
    const t = String(clock.wallMs());
    for (const limit of ['0', '5001', 'x']) await refused({ t, limit });
    for (const cursor of ['-1', 'x']) await refused({ t, cursor });
    assert.equal((await get({})).statusCode, 400);
    const nowhere = await get({ t: String(clock.wallMs()), entity: '__proto__' });
    assert.equal(nowhere.statusCode, 404);
    assert.equal((await at(clock.wallMs())).as_of, '2026-01-01T00:00:06.000Z');
  });

  test('names the gateways that it does not cover, and leaves out their entities', async () => {
    const { clock, model, at } = await setUp();
    await model.add(memoryRuntime({ name: 'peer', origin: 'arm', apps: [app('gripper')] }));
    await clock.advanceAsync(6000, 1000);
    const { not_covered, tree } = await at();
    assert.deepEqual(not_covered, ['arm']);
    assert.ok(tree.items.every(({ id }) => id !== 'gripper'));
  });

  test('is not implemented while the history is disabled', async () => {
    const { app: server } = await testGateway();
    const reply = await server.inject(`${PATH}?t=5`);
    assert.equal(reply.statusCode, 501);
    assert.match(reply.json().message, /history.enabled/);
  });
});
