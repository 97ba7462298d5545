import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { SovdError } from '@medkit/contract';
import type { OperationProvider, OperationRequest } from '@medkit/core';
import { memoryOperations } from '@medkit/core/testing';
import { testGateway } from '../testing/test-gateway.ts';

const SET_BOOL = 'std_srvs/srv/SetBool';

/** A gateway whose `lidar_driver` has two services and an action. */
async function setUp(fields: Partial<OperationProvider> = {}) {
  const requests: OperationRequest[] = [];
  const operations = memoryOperations({
    '/lidar_driver': {
      '/lidar_driver/enable': {
        shared: true,
        terms: { ros2: { kind: 'service', service: '/lidar_driver/enable', type: SET_BOOL } },
        answer: (request) => {
          requests.push(request);
          return { success: true, message: '', stamp: 2n ** 62n };
        },
      },
      '/lidar_driver/front/reset': { answer: () => ({}) },
      '/navigate': {
        shared: true,
        terms: { ros2: { kind: 'action', action: '/navigate', type: 'nav2_msgs/action/NavigateToPose' } },
      },
    },
  });
  const { app, clock } = await testGateway({}, undefined, { operations: { ...operations, ...fields } });
  type Method = 'GET' | 'PUT' | 'POST' | 'DELETE';
  const ask = (method: Method, path: string, payload?: object | string) =>
    app.inject({
      method,
      url: `/api/v1/${path}`,
      ...(payload !== undefined && { payload, headers: { 'content-type': 'application/json' } }),
    });
  return { ask, requests, clock };
}

const ENABLE = 'apps/lidar_driver/operations/enable/executions';
const NAVIGATE = 'apps/lidar_driver/operations/navigate/executions';
const OWNERS = ['areas/warehouse', 'components/amr_01', 'apps/lidar_driver', 'functions/navigation'];

describe('operations over HTTP', () => {
  it('are listed, shown, executed, followed and stopped on entities of every kind', async () => {
    const { ask } = await setUp();
    for (const [at, owner] of OWNERS.entries()) {
      const { items } = (await ask('GET', `${owner}/operations`)).json();
      assert.deepEqual(
        items.map(({ id, asynchronous_execution }: Record<string, unknown>) => [id, asynchronous_execution]),
        [
          ['enable', false],
          ['reset', false],
          ['navigate', true],
        ],
      );
      const { item } = (await ask('GET', `${owner}/operations/navigate`)).json();
      assert.deepEqual(item['x-medkit'].ros2, {
        kind: 'action',
        action: '/navigate',
        type: 'nav2_msgs/action/NavigateToPose',
      });
      const base = `${owner}/operations/navigate/executions`;
      const begun = await ask('POST', base, {});
      const id = `exec_${at + 1}`;
      assert.equal(begun.statusCode, 202);
      assert.deepEqual(begun.json(), { id, status: 'running' });
      assert.equal(begun.headers.location, `/api/v1/${base}/${id}`);
      assert.equal((await ask('GET', base)).json().items[0].id, id);
      assert.equal((await ask('GET', `${base}/${id}`)).json().status, 'running');
      const stopped = await ask('PUT', `${base}/${id}`, { capability: 'stop' });
      assert.equal(stopped.statusCode, 202);
      assert.equal(stopped.headers.location, `/api/v1/${base}/${id}`);
      const cancelled = await ask('DELETE', `${base}/${id}`);
      assert.deepEqual([cancelled.statusCode, cancelled.body], [204, '']);
      assert.equal((await ask('GET', `${base}/${id}`)).json().error, 'It was stopped');
    }
  });

  it('accept the slashes of a ROS name raw and encoded, at any position in the path', async () => {
    const { ask } = await setUp();
    for (const id of ['lidar_driver/front/reset', 'lidar_driver%2Ffront%2Freset', '%2Flidar_driver/front/reset']) {
      const operation = `apps/lidar_driver/operations/${id}`;
      const { item } = (await ask('GET', operation)).json();
      assert.deepEqual([item.id, item.name], [decodeURIComponent(id), 'reset']);
      assert.deepEqual((await ask('GET', `${operation}/executions`)).json(), { items: [] });
      assert.equal((await ask('POST', `${operation}/executions`)).statusCode, 200);
      assert.equal((await ask('GET', `${operation}/executions/x`)).json().message, 'Execution not found');
    }
    const qualified = 'functions/navigation/operations/lidar_driver:lidar_driver/front/reset';
    assert.equal((await ask('POST', `${qualified}/executions`)).statusCode, 200);
  });

  it('keep 64-bit integers exact in the request and in the reply', async () => {
    const { ask, requests } = await setUp();
    const { body } = await ask('POST', ENABLE, '{"parameters": {"ticks": 9223372036854775807}}');
    assert.match(body, /"result":\{[^}]*"stamp":4611686018427387904/);
    assert.deepEqual(requests[0]?.parameters, { ticks: 2n ** 63n - 1n });
  });
});

describe('a request to execute an operation', () => {
  const DATA = { data: true };
  for (const [client, body] of [
    ['the web UI', { input: DATA }],
    ['the MCP server', { parameters: DATA }],
    ['Foxglove', { type: SET_BOOL, request: DATA }],
    ['the Postman collection for an action', { goal: DATA }],
  ] as const) {
    it(`is accepted from ${client}: ${JSON.stringify(body)}`, async () => {
      const { ask, requests } = await setUp();
      const reply = await ask('POST', ENABLE, body);
      assert.equal(reply.statusCode, 200);
      const { parameters, result, status } = reply.json();
      assert.deepEqual(parameters, result);
      assert.equal(status, 'completed');
      assert.deepEqual(requests[0]?.parameters, DATA);
    });
  }

  for (const [client, body] of [
    ['the MCP server without arguments', undefined],
    ['the Postman collection', {}],
  ] as const) {
    it(`is accepted from ${client}: ${JSON.stringify(body)}`, async () => {
      const { ask, requests } = await setUp();
      assert.equal((await ask('POST', ENABLE, body)).statusCode, 200);
      assert.deepEqual(requests, [{ parameters: undefined, type: undefined }]);
    });
  }
});

describe('errors of operations', () => {
  const ROWS: readonly (readonly [string, 'GET' | 'PUT' | 'POST' | 'DELETE', string, object | undefined, unknown])[] = [
    [
      'an unknown entity',
      'GET',
      'apps/nobody/operations',
      undefined,
      [404, { error_code: 'entity-not-found', message: 'Entity not found', parameters: { entity_id: 'nobody' } }],
    ],
    [
      'an unknown operation',
      'POST',
      'apps/lidar_driver/operations/dance/executions',
      {},
      [
        404,
        {
          error_code: 'operation-not-found',
          message: 'Operation not found',
          parameters: { entity_id: 'lidar_driver', operation_id: 'dance' },
        },
      ],
    ],
    [
      'an entity that is not a member',
      'GET',
      'functions/navigation/operations/battery_monitor:enable',
      undefined,
      [
        404,
        {
          error_code: 'resource-not-found',
          message: 'Member not found in entity',
          parameters: {
            entity_id: 'navigation',
            operation_id: 'battery_monitor:enable',
            member_id: 'battery_monitor',
          },
        },
      ],
    ],
    [
      'an unknown execution',
      'GET',
      `${NAVIGATE}/exec_9`,
      undefined,
      [
        404,
        {
          error_code: 'resource-not-found',
          message: 'Execution not found',
          parameters: { entity_id: 'lidar_driver', operation_id: 'navigate', execution_id: 'exec_9' },
        },
      ],
    ],
    [
      'a body without a capability',
      'PUT',
      `${NAVIGATE}/exec_1`,
      {},
      [
        400,
        {
          error_code: 'invalid-request',
          message: 'Request body validation failed',
          parameters: { fields: [{ field: 'capability', message: 'missing required field' }] },
        },
      ],
    ],
    [
      'a type that is not a string',
      'POST',
      NAVIGATE,
      { type: 7 },
      [
        400,
        {
          error_code: 'invalid-request',
          message: 'Request body validation failed',
          parameters: { fields: [{ field: 'type', message: 'expected a string' }] },
        },
      ],
    ],
    [
      'arguments that are not in "parameters"',
      'POST',
      ENABLE,
      { order: 10 },
      [
        400,
        {
          error_code: 'invalid-request',
          message: 'Arguments must be inside "parameters": {"parameters": {"order": …}}',
          parameters: {
            fields: [{ field: 'order', message: 'expected inside "parameters"' }],
            app_id: 'lidar_driver',
            entity_id: 'lidar_driver',
            operation_id: 'enable',
          },
        },
      ],
    ],
  ];
  for (const [what, method, path, body, expected] of ROWS) {
    it(`report ${what}`, async () => {
      const { ask } = await setUp();
      const reply = await ask(method, path, body);
      assert.deepEqual([reply.statusCode, reply.json()], expected);
    });
  }

  it('are not larger for a larger request', async () => {
    const { ask } = await setUp();
    const names = Array.from({ length: 20_000 }, (_, index) => `${index}${'n'.repeat(100)}`);
    for (const body of [
      Object.fromEntries(names.map((name) => [name, 1])),
      { type: 'n'.repeat(2_000_000), parameters: {} },
      { parameters: Object.fromEntries(names.map((name) => [name, 1])) },
    ]) {
      const { length } = (await ask('POST', ENABLE, body)).body;
      assert.ok(length < 10_000, `${length}`);
    }
  });

  it('of the runtime contain the names that the client used', async () => {
    const { ask } = await setUp({
      invoke: async () => {
        throw new SovdError({ code: 'x-medkit-ros2-service-unavailable', parameters: { details: 'nobody there' } });
      },
    });
    const reply = await ask('POST', 'components/amr_01/operations/enable/executions');
    assert.equal(reply.statusCode, 500);
    assert.deepEqual(reply.json(), {
      error_code: 'vendor-error',
      vendor_code: 'x-medkit-ros2-service-unavailable',
      message: 'Service call failed',
      parameters: { entity_id: 'amr_01', operation_id: 'enable', component_id: 'amr_01', details: 'nobody there' },
    });
  });

  for (const [code, status] of [
    ['not-responding', 504],
    ['x-medkit-gateway-shutdown', 503],
  ] as const) {
    it(`of a silent member are ${status} ${code} on every route and through every entity`, async () => {
      const silent = async () => {
        throw new SovdError({ code });
      };
      const rest = { invoke: silent, executions: silent, execution: silent, control: silent };
      for (const owner of OWNERS) {
        const enable = `${owner}/operations/enable`;
        const navigate = `${owner}/operations/navigate/executions`;
        for (const [fields, method, path, body] of [
          [{ list: silent }, 'GET', `${owner}/operations`],
          [{ list: silent }, 'GET', enable],
          [{ list: silent }, 'POST', `${enable}/executions`],
          [rest, 'POST', `${enable}/executions`],
          [rest, 'GET', navigate],
          [rest, 'GET', `${navigate}/exec_1`],
          [rest, 'PUT', `${navigate}/exec_1`, { capability: 'stop' }],
          [rest, 'DELETE', `${navigate}/exec_1`],
        ] as const) {
          // Each case has a new gateway: one with many failures is not called for a while.
          const reply = await (await setUp(fields)).ask(method, path, body);
          const { error_code, vendor_code, parameters } = reply.json();
          assert.deepEqual([reply.statusCode, vendor_code ?? error_code], [status, code]);
          assert.equal(parameters.entity_id, owner.slice(owner.indexOf('/') + 1));
        }
      }
    });
  }

  it('arrive before the client gives up: the deadline of the provider is 12 s', async () => {
    const { ask, clock } = await setUp({
      invoke: async (_nativeId, _operationId, _request, { deadlineMs }) => {
        assert.equal(deadlineMs - clock.monotonicMs(), 12_000);
        return { answer: {} };
      },
    });
    assert.equal((await ask('POST', ENABLE)).statusCode, 200);
  });
});
