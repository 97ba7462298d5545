import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Execution } from '@medkit/core';
import { memoryConfigurations, memoryOperations } from '@medkit/core/testing';
import { type TestGateway, testGateway } from './testing/test-gateway.ts';

// Requests that the clients of ros2_medkit send, and the response members that they read, unless the tests of a
// resource already cover them. The clients ignore all other members.

const WEB_UI = 'http://localhost:5173';
const FOXGLOVE = 'https://app.foxglove.dev';
const APP = 'apps/lidar_driver';
const NAVIGATE = { kind: 'action', action: '/navigate', type: 'nav2_msgs/action/NavigateToPose' } as const;
const ENABLE = { kind: 'service', service: '/lidar_driver/enable', type: 'std_srvs/srv/SetBool' } as const;
const SCHEMA = { type: 'object' };

/** A running action, as its provider reports it. */
const UNDER_WAY: Omit<Execution, 'id'> = {
  status: 'running',
  capability: 'execute',
  feedback: { distance_remaining: 1.5 },
  createdMs: 0,
  startedMs: 12,
  terms: { ros2_status: 'executing', ros2: { action: NAVIGATE.action, type: NAVIGATE.type } },
};

type Method = 'GET' | 'PUT' | 'POST' | 'DELETE' | 'OPTIONS' | 'HEAD';

async function setUp() {
  const operations = memoryOperations({
    '/lidar_driver': {
      '/lidar_driver/enable': {
        shared: true,
        terms: { ros2: ENABLE },
        typeInfo: { request: SCHEMA, response: SCHEMA },
        answer: ({ parameters }) => ({ success: true, message: JSON.stringify(parameters ?? null) }),
      },
      '/navigate': {
        shared: true,
        terms: { ros2: NAVIGATE },
        typeInfo: { goal: SCHEMA, result: SCHEMA, feedback: SCHEMA },
      },
    },
  });
  const gateway = await testGateway(
    { bulk_data: { categories: ['maps'] }, cors: { allowed_origins: [WEB_UI, FOXGLOVE] } },
    undefined,
    {
      operations: {
        ...operations,
        execution: async (nativeId, operationId, executionId, call) => ({
          ...UNDER_WAY,
          ...(await operations.execution(nativeId, operationId, executionId, call)),
        }),
      },
      configurations: memoryConfigurations({
        '/lidar_driver': {
          rate: { type: 'double', value: 10, description: 'Hz' },
          frame: { type: 'string', value: 'laser', readOnly: true },
        },
      }),
    },
  );
  const ask = async (method: Method, path: string, body?: object, headers: Record<string, string> = {}) => {
    const payload = body === undefined ? {} : { payload: body };
    return gateway.app.inject({ method, url: `/api/v1/${path}`, headers, ...payload });
  };
  return { ...gateway, ask };
}

/** Returns the members that a client reads. A missing member is a failure. */
function read(body: Record<string, unknown>, ...names: readonly string[]): unknown[] {
  for (const name of names) assert.ok(Object.hasOwn(body, name), `${name} in ${JSON.stringify(body)}`);
  return names.map((name) => body[name]);
}

async function uploaded({ app }: TestGateway, path: string): Promise<Record<string, unknown>> {
  const payload =
    '--b\r\ncontent-disposition: form-data; name="file"; filename="hall.pgm"\r\n' +
    'content-type: image/x-portable-graymap\r\n\r\n0123456789\r\n--b--\r\n';
  const headers = { 'content-type': 'multipart/form-data; boundary=b' };
  const reply = await app.inject({ method: 'POST', url: `/api/v1/${path}`, payload, headers });
  assert.equal(reply.statusCode, 201, reply.body);
  return reply.json();
}

describe('the web UI', () => {
  it('lists services and actions with their types and schemas', async () => {
    const { ask } = await setUp();
    const { items } = (await ask('GET', `${APP}/operations`)).json();
    const [enable, navigate] = items;
    assert.deepEqual(read(enable, 'id', 'name', 'asynchronous_execution'), ['enable', 'enable', false]);
    assert.deepEqual(read(enable['x-medkit'], 'ros2', 'type_info'), [ENABLE, { request: SCHEMA, response: SCHEMA }]);
    assert.deepEqual(read(navigate, 'id', 'asynchronous_execution'), ['navigate', true]);
    assert.deepEqual(read(navigate['x-medkit'], 'ros2', 'type_info'), [
      NAVIGATE,
      { goal: SCHEMA, result: SCHEMA, feedback: SCHEMA },
    ]);
  });

  it('calls a service and shows its result', async () => {
    const { ask } = await setUp();
    const reply = await ask('POST', `${APP}/operations/enable/executions`, { input: { data: true } });
    const result = { success: true, message: '{"data":true}' };
    assert.deepEqual(read(reply.json(), 'status', 'result', 'parameters'), ['completed', result, result]);
  });

  it('follows a goal until it is stopped', async () => {
    const { ask } = await setUp();
    const executions = `${APP}/operations/navigate/executions`;
    const begun = (await ask('POST', executions, { input: { pose: {} } })).json();
    const [id, status] = read(begun, 'id', 'status');
    assert.equal(status, 'running');
    const poll = async () => (await ask('GET', `${executions}/${id}`)).json();
    assert.deepEqual(read(await poll(), 'id', 'status', 'last_feedback', 'created_at', 'started_at'), [
      id,
      'running',
      UNDER_WAY.feedback,
      '1970-01-01T00:00:00.000Z',
      '1970-01-01T00:00:00.012Z',
    ]);
    assert.equal((await ask('DELETE', `${executions}/${id}`)).statusCode, 204);
    assert.deepEqual(read(await poll(), 'status', 'error'), ['failed', 'It was stopped']);
  });

  it('lists parameters, and reads the new value from the reply to a write', async () => {
    const { ask } = await setUp();
    const about = (await ask('GET', `${APP}/configurations`)).json()['x-medkit'];
    assert.deepEqual(read(about, 'entity_id', 'ros2'), ['lidar_driver', { node: '/lidar_driver' }]);
    assert.deepEqual(
      about.parameters.map((each: Record<string, unknown>) =>
        read(each, 'name', 'value', 'type', 'description', 'read_only'),
      ),
      [
        ['rate', 10, 'double', 'Hz', false],
        ['frame', 'laser', 'string', '', true],
      ],
    );
    const set = await ask('PUT', `${APP}/configurations/rate`, { value: 12.5 });
    assert.equal(set.json()['x-medkit'].parameter.value, 12.5);
  });

  it('lists and downloads files', async () => {
    const gateway = await setUp();
    const { id } = await uploaded(gateway, `${APP}/bulk-data/maps`);
    const { items } = (await gateway.ask('GET', `${APP}/bulk-data/maps`)).json();
    assert.deepEqual(read(items[0], 'id', 'name', 'content_type'), [id, 'hall.pgm', 'image/x-portable-graymap']);
    assert.equal(read(items[0], 'created_at')[0], items[0].creation_date);
    assert.equal((await gateway.ask('GET', `${APP}/bulk-data/maps/${id}`)).body, '0123456789');
  });

  it('may write from its origin', async () => {
    const { ask } = await setUp();
    const headers = { origin: WEB_UI, 'access-control-request-headers': 'content-type' };
    for (const method of ['PUT', 'POST', 'DELETE']) {
      const reply = await ask('OPTIONS', `${APP}/configurations/rate`, undefined, {
        ...headers,
        'access-control-request-method': method,
      });
      assert.equal(reply.statusCode, 204);
      assert.equal(reply.headers['access-control-allow-origin'], WEB_UI);
      assert.match(String(reply.headers['access-control-allow-methods']), new RegExp(method));
    }
  });
});

describe('the MCP server', () => {
  it('gets a JSON body from every request that sets, creates or updates', async () => {
    const gateway = await setUp();
    const { ask } = gateway;
    const operations = `${APP}/operations`;
    const begun = await ask('POST', `${operations}/navigate/executions`);
    const { id } = begun.json();
    for (const [reply, status] of [
      [begun, 202],
      [await ask('PUT', `${operations}/navigate/executions/${id}`, { capability: 'stop' }), 202],
      [await ask('POST', `${operations}/enable/executions`, { parameters: { data: true } }), 200],
      [await ask('PUT', `${APP}/configurations/rate`, { data: 5 }), 200],
    ] as const) {
      assert.deepEqual([reply.statusCode, reply.headers['content-type']], [status, 'application/json']);
      assert.notDeepEqual(reply.json(), {});
    }
    for (const path of [APP, 'components/amr_01']) {
      const item = await uploaded(gateway, `${path}/bulk-data/maps`);
      read(item, 'id', 'name', 'mimetype', 'size', 'creation_date');
    }
  });

  it('reads the headers of a file before it downloads it', async () => {
    const gateway = await setUp();
    const { ask } = gateway;
    assert.deepEqual((await ask('GET', `${APP}/bulk-data`)).json().items, ['rosbags', 'snapshots', 'maps']);
    const { id } = await uploaded(gateway, `${APP}/bulk-data/maps`);
    const { statusCode, body, headers } = await ask('HEAD', `${APP}/bulk-data/maps/${id}`);
    assert.deepEqual([statusCode, body], [200, '']);
    assert.deepEqual(read(headers, 'content-type', 'content-length', 'content-disposition'), [
      'image/x-portable-graymap',
      '10',
      'attachment; filename="hall.pgm"',
    ]);
    assert.equal((await ask('DELETE', `${APP}/bulk-data/maps/${id}`)).statusCode, 204);
  });

  it('gets every error with a code and a message', async () => {
    const { ask } = await setUp();
    for (const path of [
      `${APP}/operations/dance`,
      `${APP}/configurations/dance`,
      `${APP}/bulk-data/dance`,
      'apps/nobody/logs',
      'apps/nobody/status',
    ]) {
      const reply = await ask('GET', path);
      assert.equal(reply.statusCode, 404);
      for (const text of read(reply.json(), 'error_code', 'message')) assert.match(String(text), /\w/);
    }
  });
});

describe('Foxglove', () => {
  it('sends the type with a request and with a goal, and sets parameters by `data`', async () => {
    const { ask } = await setUp();
    const called = await ask('POST', `${APP}/operations/enable/executions`, {
      type: ENABLE.type,
      request: { data: false },
    });
    assert.equal(called.json().result.message, '{"data":false}');
    const sent = await ask('POST', `${APP}/operations/navigate/executions`, {
      type: NAVIGATE.type,
      goal: { pose: {} },
    });
    assert.equal(sent.statusCode, 202);
    assert.equal((await ask('PUT', `${APP}/configurations/rate`, { data: 7 })).json().data, 7);
  });

  it('may read from its origin', async () => {
    const { ask } = await setUp();
    const reply = await ask('GET', `${APP}/operations`, undefined, { origin: FOXGLOVE });
    assert.equal(reply.headers['access-control-allow-origin'], FOXGLOVE);
  });
});

describe('the Postman collection', () => {
  it('sends a goal, lists it by its id, reads its state and cancels it', async () => {
    const { ask } = await setUp();
    const executions = `${APP}/operations/navigate/executions`;
    const { id } = (await ask('POST', executions, { goal: { pose: {} } })).json();
    assert.deepEqual((await ask('GET', executions)).json().items, [{ id }]);
    assert.equal((await ask('GET', `${executions}/${id}`)).json().status, 'running');
    assert.equal((await ask('DELETE', `${executions}/${id}`)).statusCode, 204);
  });

  it('gets an explicit error for the addresses of old versions', async () => {
    const { ask } = await setUp();
    for (const operation of ['enable', 'navigate']) {
      const reply = await ask('POST', `${APP}/operations/${operation}`, {});
      assert.deepEqual([reply.statusCode, reply.json().error_code], [405, 'invalid-request']);
    }
  });

  it('sets a parameter by `value`, resets it, and resets all', async () => {
    const { ask } = await setUp();
    const configurations = `${APP}/configurations`;
    assert.equal((await ask('PUT', `${configurations}/rate`, { value: 3 })).json().data, 3);
    assert.equal((await ask('DELETE', `${configurations}/rate`)).statusCode, 204);
    assert.equal((await ask('GET', `${configurations}/rate`)).json().data, 10);
    const all = (await ask('DELETE', configurations)).json();
    assert.deepEqual(all.results[0].details.failed_parameters, ['frame']);
    assert.equal((await ask('GET', `${configurations}/no_such_thing`)).statusCode, 404);
  });
});
