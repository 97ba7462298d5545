import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { type ErrorCode, SovdError } from '@medkit/contract';
import { app, functionEntity, memoryConfigurations } from '@medkit/core/testing';
import { testGateway } from '../testing/test-gateway.ts';

const APP = 'apps/lidar_driver/configurations';
const FUNCTION = 'functions/perception/configurations';

/** A gateway whose `lidar_driver` and `battery_monitor` have parameters; the function `perception` has both. */
async function setUp(onCall?: (nativeId: string) => void) {
  const configurations = memoryConfigurations(
    {
      '/lidar_driver': {
        'scan.rate': { type: 'double', value: 10, description: 'Hz', range: { from: 5, to: 20 } },
        'frame/id': { type: 'string', value: 'laser' },
        seed: { type: 'int', value: 2n ** 62n },
        mask: { type: 'byte_array', value: [0, 255] },
      },
      '/battery_monitor': {
        'scan.rate': { type: 'double', value: 1 },
        fixed: { type: 'bool', value: true, readOnly: true },
      },
    },
    onCall,
  );
  const gateway = await testGateway({}, undefined, { configurations });
  gateway.runtime.tell({
    apps: [...gateway.model.tree.all('app'), app('absent', { online: false })],
    functions: [
      functionEntity('perception', ['lidar_driver', 'battery_monitor', 'absent']),
      functionEntity('none', []),
    ],
  });
  gateway.clock.advance(10);
  const ask = async (path: string, method: 'GET' | 'PUT' | 'DELETE' = 'GET', payload?: object) => {
    const reply = await gateway.app.inject({ method, url: `/api/v1/${path}`, ...(payload && { payload }) });
    return { status: reply.statusCode, text: reply.body, json: () => reply.json() };
  };
  return { ask };
}

const failing = (code: ErrorCode) =>
  setUp(() => {
    throw new SovdError({ code });
  });

describe('configurations over HTTP', () => {
  it('are listed in the format of the web UI and the smoke tests', async () => {
    const { ask } = await setUp();
    const { items, 'x-medkit': about } = (await ask(APP)).json();
    assert.ok(items.every(({ name }: { name: string }) => name.length > 0));
    assert.equal(about.entity_id, 'lidar_driver');
    assert.deepEqual(
      about.parameters.map((each: Record<string, unknown>) => [each['name'], each['type'], each['read_only']]),
      [
        ['scan.rate', 'double', false],
        ['frame/id', 'string', false],
        ['seed', 'int', false],
        ['mask', 'byte_array', false],
      ],
    );
  });

  it('keep the fraction of doubles and the digits of integers', async () => {
    const { ask } = await setUp();
    assert.match((await ask(`${APP}/scan.rate`)).text, /"data":10\.0,.*"value":10\.0/);
    assert.match((await ask(`${APP}/seed`)).text, /"data":4611686018427387904/);
    assert.match(
      (await ask(APP)).text,
      /"value":10\.0.*"range":\{"from":5\.0,"to":20\.0\}.*"value":4611686018427387904/,
    );
  });

  it('are set by `data` and by `value`, and answered with the value', async () => {
    const { ask } = await setUp();
    for (const body of [{ data: 12.5 }, { value: 12.5 }]) {
      const reply = await ask(`${APP}/scan.rate`, 'PUT', body);
      assert.equal(reply.status, 200);
      assert.deepEqual(reply.json()['x-medkit'].parameter, { name: 'scan.rate', value: 12.5, type: 'double' });
    }
  });

  it('may have slashes in their names, raw or encoded', async () => {
    const { ask } = await setUp();
    for (const id of ['frame/id', 'frame%2Fid']) assert.equal((await ask(`${APP}/${id}`)).json().data, 'laser');
    assert.equal((await ask(`${APP}/frame/id`, 'PUT', { data: 'base' })).json().data, 'base');
  });

  it('are reset, one or all', async () => {
    const { ask } = await setUp();
    await ask(`${APP}/scan.rate`, 'PUT', { data: 12.5 });
    const one = await ask(`${APP}/scan.rate`, 'DELETE');
    assert.deepEqual([one.status, one.text], [204, '']);
    assert.equal((await ask(`${APP}/scan.rate`)).json().data, 10);
    assert.deepEqual(
      [(await ask(APP, 'DELETE')).status, (await ask('functions/none/configurations', 'DELETE')).status],
      [204, 204],
    );
  });

  it('that cannot all be reset are reported for each node', async () => {
    const { ask } = await setUp();
    const reply = await ask(FUNCTION, 'DELETE');
    assert.equal(reply.status, 207);
    const { entity_id, results } = reply.json();
    assert.equal(entity_id, 'perception');
    assert.deepEqual(results[0], {
      node: '/battery_monitor',
      app_id: 'battery_monitor',
      success: false,
      error: '1 of 2 parameters could not be reset: fixed: read-only',
      details: { node_name: '/battery_monitor', reset_count: 1, failed_count: 1, failed_parameters: ['fixed'] },
    });
    assert.equal(results[1].success, true);
  });

  it('of an entity without nodes are an empty list', async () => {
    const { ask } = await setUp();
    assert.deepEqual((await ask('functions/none/configurations')).json().items, []);
  });
});

describe('errors of configurations over HTTP', () => {
  type Ask = readonly [path: string, method?: 'GET' | 'PUT' | 'DELETE', body?: object];
  const rows: readonly (readonly [string, Ask, status: number, code: string, parameters?: Record<string, unknown>])[] =
    [
      [
        'an unknown parameter',
        [`${APP}/nobody`],
        404,
        'resource-not-found',
        { entity_id: 'lidar_driver', id: 'nobody' },
      ],
      ['a write to an unknown parameter', [`${APP}/nobody`, 'PUT', { data: 1 }], 404, 'resource-not-found'],
      ['a reset of an unknown parameter', [`${APP}/nobody`, 'DELETE'], 404, 'resource-not-found'],
      [
        'a read-only parameter',
        ['apps/battery_monitor/configurations/fixed', 'PUT', { data: false }],
        403,
        'x-medkit-ros2-parameter-read-only',
      ],
      [
        'a reset of a read-only parameter',
        ['apps/battery_monitor/configurations/fixed', 'DELETE'],
        403,
        'x-medkit-ros2-parameter-read-only',
      ],
      [
        'a value of another type',
        [`${APP}/scan.rate`, 'PUT', { data: 'fast' }],
        400,
        'invalid-parameter',
        { entity_id: 'lidar_driver', id: 'scan.rate', details: 'scan.rate is of type double' },
      ],
      ['a write without a value', [`${APP}/scan.rate`, 'PUT', {}], 400, 'invalid-request'],
      ['a body that is not an object', [`${APP}/scan.rate`, 'PUT', [1]], 400, 'invalid-request'],
      [
        'a write to several nodes without a member',
        [`${FUNCTION}/scan.rate`, 'PUT', { data: 1 }],
        400,
        'invalid-request',
      ],
      ['a reset on several nodes without a member', [`${FUNCTION}/scan.rate`, 'DELETE'], 400, 'invalid-request'],
      [
        'a member without a node',
        [`${FUNCTION}/absent:x`],
        404,
        'resource-not-found',
        { entity_id: 'perception', id: 'absent:x', source_app: 'absent' },
      ],
      ['a member without a parameter name', [`${FUNCTION}/lidar_driver:`], 404, 'resource-not-found'],
      ['an entity without nodes', ['functions/none/configurations/x'], 404, 'resource-not-found'],
      ['an id that is too long', [`${APP}/${'x'.repeat(513)}`], 400, 'invalid-parameter'],
      ['an unknown entity', ['apps/nobody/configurations'], 404, 'entity-not-found'],
      ['an entity of another kind', ['areas/amr_01/configurations'], 400, 'invalid-parameter'],
    ];
  for (const [what, ask, status, code, parameters] of rows) {
    it(`report ${what} as ${status} ${code}`, async () => {
      const reply = await (await setUp()).ask(...ask);
      const { error_code, vendor_code, ...body } = reply.json();
      assert.deepEqual([reply.status, vendor_code ?? error_code], [status, code]);
      if (parameters) assert.deepEqual(body.parameters, parameters);
    });
  }

  for (const [code, status] of [
    ['x-medkit-ros2-node-unavailable', 503],
    ['not-responding', 504],
    ['internal-error', 500],
  ] as const) {
    it(`report a failing node as ${status} ${code}`, async () => {
      const { ask } = await failing(code);
      for (const args of [
        [APP],
        [`${APP}/seed`],
        [`${APP}/seed`, 'PUT', { data: 1 }],
        [`${APP}/seed`, 'DELETE'],
      ] as Ask[]) {
        const reply = await ask(...args);
        const { error_code, vendor_code } = reply.json();
        assert.deepEqual([reply.status, vendor_code ?? error_code], [status, code]);
      }
      assert.equal((await ask(APP)).json().message, 'Failed to list parameters from any node');
      assert.equal((await ask(APP, 'DELETE')).status, 207);
    });
  }
});
