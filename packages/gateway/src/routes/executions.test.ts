import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Execution, OperationProvider } from '@medkit/core';
import { memoryOperations } from '@medkit/core/testing';
import { testGateway } from '../testing/test-gateway.ts';

const API = '/api/v1';

const operations = {
  '/lidar_driver': { '/calibrate': {}, '/reset': { answer: () => ({}) } },
  '/battery_monitor': { '/bms/calibrate': {} },
};

async function setUp(provider: OperationProvider = memoryOperations(operations)) {
  const gateway = await testGateway({}, undefined, { operations: provider });
  const ask = async (path: string, method: 'GET' | 'POST' = 'GET', payload?: object) => {
    const reply = await gateway.app.inject({
      method,
      url: path.startsWith(API) ? path : API + path,
      ...(payload && { payload }),
    });
    return { status: reply.statusCode, body: reply.json() };
  };
  return { ...gateway, ask };
}

const begin = { parameters: {} };

describe('GET /x-medkit-executions', () => {
  it('lists the executions of all operations, each with its entity and address', async () => {
    const { ask, app } = await setUp();
    assert.deepEqual((await ask('/x-medkit-executions')).body, { items: [] });
    await ask('/apps/lidar_driver/operations/calibrate/executions', 'POST', begin);
    await ask('/apps/battery_monitor/operations/calibrate/executions', 'POST', begin);
    await ask('/apps/lidar_driver/operations/reset/executions', 'POST', begin);
    const { status, body } = await ask('/x-medkit-executions');
    assert.equal(status, 200);
    assert.deepEqual(
      body.items.map((each: Record<string, unknown>) => [
        each['of'],
        each['entity_id'],
        each['operation_id'],
        each['status'],
      ]),
      [
        ['operation', 'battery_monitor', 'calibrate', 'running'],
        ['operation', 'lidar_driver', 'calibrate', 'running'],
      ],
    );
    for (const { href, id } of body.items) assert.equal((await ask(href)).body.id, id);
    await app.close();
  });

  it('is limited to an entity and its members, and to running executions', async () => {
    const { ask, app } = await setUp();
    await ask('/apps/lidar_driver/operations/calibrate/executions', 'POST', begin);
    await ask('/apps/battery_monitor/operations/calibrate/executions', 'POST', begin);
    const counts = await Promise.all(
      ['entity=amr_01', 'entity=battery_monitor', 'state=running', 'state=ended', 'limit=1', 'entity=navigation'].map(
        async (query) => (await ask(`/x-medkit-executions?${query}`)).body.items.length,
      ),
    );
    assert.deepEqual(counts, [1, 1, 2, 0, 1, 1]);
    assert.equal((await ask('/x-medkit-executions?limit=1')).body['x-medkit'].total_count, 2);
    for (const [query, status, code] of [
      ['entity=nobody', 404, 'entity-not-found'],
      ['state=done', 400, 'invalid-parameter'],
      ['limit=0', 400, 'invalid-parameter'],
    ] as const) {
      const reply = await ask(`/x-medkit-executions?${query}`);
      assert.deepEqual([reply.status, reply.body.error_code], [status, code], query);
    }
    await app.close();
  });

  it('includes the recent executions of a runtime that lists them, the newest first, and a shared execution once', async () => {
    const execution = (id: string, createdMs: number): Execution => ({
      id,
      status: 'completed',
      capability: 'execute',
      createdMs,
      finishedMs: createdMs + 1000,
    });
    const { ask, app } = await setUp({
      ...memoryOperations(operations),
      recent: async (nativeId) => [
        { operationId: '/navigate', name: 'navigate', execution: execution('a', 1000) },
        { operationId: nativeId, execution: execution('b', nativeId === '/lidar_driver' ? 3000 : 2000) },
      ],
    });
    const { items } = (await ask('/x-medkit-executions')).body;
    assert.deepEqual(
      items.map((each: Record<string, unknown>) => [each['operation_id'], each['started_at'], each['finished_at']]),
      [
        ['lidar_driver', '1970-01-01T00:00:03.000Z', '1970-01-01T00:00:04.000Z'],
        ['battery_monitor', '1970-01-01T00:00:02.000Z', '1970-01-01T00:00:03.000Z'],
        ['navigate', '1970-01-01T00:00:01.000Z', '1970-01-01T00:00:02.000Z'],
      ],
    );
    await app.close();
  });

  it('names the owners that failed, and lists what others reported', async () => {
    const { ask, app } = await setUp({
      ...memoryOperations(operations),
      recent: async (nativeId) => {
        if (nativeId === '/battery_monitor') throw new Error('defect');
        return [{ operationId: '/navigate', execution: { id: 'a', status: 'running', capability: 'execute' } }];
      },
    });
    const { items, 'x-medkit': about } = (await ask('/x-medkit-executions')).body;
    assert.equal(items.length, 1);
    assert.deepEqual([about.partial, about.failed_members[0].entity_id], [true, 'battery_monitor']);
    await app.close();
  });
});
