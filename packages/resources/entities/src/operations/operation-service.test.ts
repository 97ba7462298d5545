import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { type EntityKind, type ExecutionCreateRequest, SovdError } from '@medkit/contract';
import { type App, callContext, type OperationRequest, openModel } from '@medkit/core';
import {
  app,
  area,
  component,
  errorOf,
  functionEntity,
  type MemoryOperation,
  memoryOperations,
  memoryRuntime,
} from '@medkit/core/testing';
import { SimulatedClock } from '@medkit/edges/testing';
import { createOperationService } from './operation-service.ts';

const TRIGGER = 'std_srvs/srv/Trigger';

const hosted = (id: string): App => app(id, { componentId: 'host', address: { runtime: 'ros2', nativeId: `/${id}` } });

/**
 * A robot whose left and right arm both have a `calibrate`, a base that has two, and a tool that another node shares.
 */
async function setUp(onCall?: (nativeId: string) => Promise<void> | void) {
  const clock = new SimulatedClock();
  const requests: OperationRequest[] = [];
  const service = (name: string): MemoryOperation => ({
    shared: true,
    terms: { ros2: { kind: 'service', service: name, type: TRIGGER } },
    typeInfo: { request: { type: 'object' }, response: { type: 'object' } },
    answer: (request) => {
      requests.push(request);
      return { called: name };
    },
  });
  const navigate: MemoryOperation = {
    shared: true,
    terms: { ros2: { kind: 'action', action: '/navigate', type: 'nav2_msgs/action/NavigateToPose' } },
  };
  const operations = memoryOperations(
    {
      '/left': { '/left/calibrate': service('/left/calibrate'), '/tool/grip': service('/tool/grip') },
      '/right': { '/right/calibrate': service('/right/calibrate'), '/tool/grip': service('/tool/grip') },
      '/base': {
        '/base/front/calibrate': service('/base/front/calibrate'),
        '/base/rear/calibrate': service('/base/rear/calibrate'),
        '/navigate': navigate,
        '/halt': service('/halt'),
      },
    },
    onCall,
  );
  const runtime = memoryRuntime({
    name: 'ros2',
    areas: [area('hall')],
    components: [component('host', { areaId: 'hall' }), component('bare')],
    apps: ['base', 'left', 'right'].map(hosted),
    functions: [functionEntity('arms', ['left', 'right'])],
    providers: { operations },
  });
  const model = await openModel({ runtimes: [runtime], clock, log: () => undefined });
  const service_ = createOperationService({ model, clock });
  const call = () => callContext({ clock, timeoutMs: 1000 });
  const path = (kind: EntityKind, entityId: string, operationId: string) => ({ kind, entityId, operationId });
  return {
    clock,
    requests,
    operations: service_,
    call,
    path,
    idsOf: async (kind: EntityKind, id: string) => (await service_.list(kind, id, call())).items.map((item) => item.id),
    execute: (entity: readonly [EntityKind, string], operationId: string, body?: ExecutionCreateRequest) =>
      service_.execute(path(...entity, operationId), body, call()),
  };
}

it('an operation of an entity that has just appeared is waited for', async () => {
  const late: Record<string, MemoryOperation> = {};
  const operations = memoryOperations({ '/arm': late });
  const waited: string[] = [];
  const appears = async (_nativeId: string, name: string) => {
    waited.push(name);
    if (name === 'home') late['/arm/home'] = { answer: () => ({ success: true }) };
    return name === 'home';
  };
  const clock = new SimulatedClock();
  const model = await openModel({
    runtimes: [
      memoryRuntime({ name: 'ros2', apps: [hosted('arm')], providers: { operations: { ...operations, appears } } }),
    ],
    clock,
    log: () => undefined,
  });
  const service = createOperationService({ model, clock });
  const execute = (operationId: string) =>
    service.execute({ kind: 'app', entityId: 'arm', operationId }, undefined, callContext({ clock, timeoutMs: 9000 }));
  assert.equal((await execute('home')).is, 'done');
  assert.equal((await errorOf(execute('away'))).code, 'operation-not-found');
  await execute('home');
  assert.deepEqual(waited, ['home', 'away'], 'what is there is not waited for');
});

describe('list of operations', () => {
  it('of an app has short names, and full ones for duplicates; services first', async () => {
    const { idsOf } = await setUp();
    assert.deepEqual(await idsOf('app', 'base'), ['base/front/calibrate', 'base/rear/calibrate', 'halt', 'navigate']);
    assert.deepEqual(await idsOf('app', 'left'), ['calibrate', 'grip']);
  });

  it('of an aggregate qualifies names that several members share', async () => {
    const { idsOf } = await setUp();
    assert.deepEqual(await idsOf('function', 'arms'), ['grip', 'left:calibrate', 'right:calibrate']);
    for (const [kind, id] of [['component', 'host'] as const, ['area', 'hall'] as const]) {
      assert.deepEqual(await idsOf(kind, id), [
        'base:base/front/calibrate',
        'base:base/rear/calibrate',
        'grip',
        'halt',
        'left:calibrate',
        'right:calibrate',
        'navigate',
      ]);
    }
    assert.deepEqual(await idsOf('component', 'bare'), []);
  });

  it('names the kind and the provider of each', async () => {
    const { operations, call } = await setUp();
    const { items, ...rest } = await operations.list('function', 'arms', call());
    assert.deepEqual(items[0], {
      id: 'grip',
      name: 'grip',
      proximity_proof_required: false,
      asynchronous_execution: false,
      'x-medkit': {
        ros2: { kind: 'service', service: '/tool/grip', type: TRIGGER },
        entity_id: 'arms',
        source: 'ros2_medkit_gateway',
        type_info: { request: { type: 'object' }, response: { type: 'object' } },
        member_ids: ['left', 'right'],
      },
    });
    assert.deepEqual(rest, {});
    const leaf = await operations.list('app', 'left', call());
    assert.equal(leaf.items[0]?.['x-medkit']?.member_ids, undefined);
  });

  it('names the member that does not answer, and fails if none does', async () => {
    const broken = new Set(['/left']);
    const { operations, call, idsOf } = await setUp((nativeId) => {
      if (broken.has(nativeId)) throw new SovdError({ code: 'not-responding', message: 'mute' });
    });
    const list = await operations.list('function', 'arms', call());
    assert.deepEqual(list['x-medkit'], {
      partial: true,
      failed_members: [{ entity_id: 'left', runtime: 'ros2', message: 'mute' }],
    });
    broken.add('/right');
    assert.equal((await errorOf(idsOf('function', 'arms'))).code, 'not-responding');
  });
});

describe('an operation', () => {
  it('is found by every id in every list, and by its full name', async () => {
    const { operations, call, path, idsOf } = await setUp();
    for (const [kind, id] of [
      ['app', 'base'],
      ['app', 'left'],
      ['function', 'arms'],
      ['component', 'host'],
      ['area', 'hall'],
    ] as const) {
      for (const operationId of await idsOf(kind, id)) {
        const { item } = await operations.get(path(kind, id, operationId), call());
        assert.equal(item.id, operationId);
      }
    }
    for (const operationId of ['left/calibrate', '/left/calibrate', 'left:calibrate', 'left:left/calibrate']) {
      const { item } = await operations.get(path('function', 'arms', operationId), call());
      assert.equal(item['x-medkit']?.ros2?.service, '/left/calibrate', operationId);
    }
  });

  it('with an ambiguous name is rejected with the ids that work', async () => {
    const { operations, call, path, requests, execute } = await setUp();
    const error = await errorOf(execute(['component', 'host'], 'calibrate'));
    assert.deepEqual([error.status, error.code], [400, 'invalid-request']);
    assert.deepEqual(error.parameters, {
      entity_id: 'host',
      operation_id: 'calibrate',
      ros2_paths: ['/base/front/calibrate', '/base/rear/calibrate', '/left/calibrate', '/right/calibrate'],
      member_ids: ['base', 'left', 'right'],
      operation_ids: ['base:base/front/calibrate', 'base:base/rear/calibrate', 'left:calibrate', 'right:calibrate'],
      details: 'The name matches several operations of this entity; operation_ids lists unique ids.',
    });
    assert.deepEqual(requests, []);
    for (const [kind, id, operationId, expected] of [
      ['app', 'base', 'calibrate', ['base/front/calibrate', 'base/rear/calibrate']],
      ['area', 'hall', 'base:calibrate', ['base:base/front/calibrate', 'base:base/rear/calibrate']],
    ] as const) {
      const { parameters } = await errorOf(operations.get(path(kind, id, operationId), call()));
      assert.deepEqual(parameters?.['operation_ids'], expected);
      for (const working of expected) await operations.get(path(kind, id, working), call());
    }
  });

  it('that does not exist is 404', async () => {
    const { operations, call, path } = await setUp();
    for (const [kind, id, operationId, code, message] of [
      ['app', 'left', 'dance', 'operation-not-found', 'Operation not found'],
      // A leaf entity has no members: the colon belongs to the name.
      ['app', 'left', 'left:calibrate', 'operation-not-found', 'Operation not found'],
      ['function', 'arms', 'dance', 'operation-not-found', 'Operation not found'],
      ['function', 'arms', 'base:halt', 'resource-not-found', 'Member not found in entity'],
      ['function', 'arms', ':calibrate', 'resource-not-found', 'Member not found in entity'],
      ['function', 'arms', 'left:', 'resource-not-found', 'Operation not provided by member'],
      ['function', 'arms', 'left:dance', 'resource-not-found', 'Operation not provided by member'],
      ['component', 'bare', 'halt', 'operation-not-found', 'Operation not found'],
    ] as const) {
      const error = await errorOf(operations.get(path(kind, id, operationId), call()));
      assert.deepEqual([error.status, error.code, error.message], [404, code, message], operationId);
      assert.equal(error.parameters?.['entity_id'], id);
      assert.equal(error.parameters?.['operation_id'], operationId);
    }
  });

  it('is not reported missing while a member that may have it does not answer', async () => {
    const { operations, call, path } = await setUp((nativeId) => {
      if (nativeId === '/left') throw new SovdError({ code: 'not-responding' });
    });
    const error = await errorOf(operations.get(path('function', 'arms', 'dance'), call()));
    assert.equal(error.code, 'not-responding');
  });

  it('of a slow member leaves time for one that answers', async () => {
    const { clock, operations, call, path } = await setUp((nativeId) =>
      nativeId === '/left' ? new Promise<void>(() => undefined) : undefined,
    );
    const request = operations.get(path('function', 'arms', 'right/calibrate'), call());
    await clock.advanceAsync(600);
    assert.equal((await request).item['x-medkit']?.ros2?.service, '/right/calibrate');
  });
});

describe('arguments', () => {
  const ARGUMENTS = { data: true };
  for (const [client, body, parameters] of [
    ['a client without a body', undefined, undefined],
    ['a client with an empty body', {}, undefined],
    ['a SOVD client', { parameters: ARGUMENTS }, ARGUMENTS],
    ['the web UI', { input: ARGUMENTS }, ARGUMENTS],
    ['Foxglove for a service', { type: TRIGGER, request: ARGUMENTS }, ARGUMENTS],
    ['Foxglove for an action', { type: 'a/action/B', goal: ARGUMENTS }, ARGUMENTS],
    ['a client with null', { parameters: null, type: null }, undefined],
    ['a client with two members of arguments', { goal: { data: false }, parameters: ARGUMENTS }, ARGUMENTS],
    [
      'a client with the fields of ISO 17978-3',
      { timeout: 10, proximity_response: 'x' } as ExecutionCreateRequest,
      undefined,
    ],
    [
      'a client with arguments and a further member',
      { parameters: ARGUMENTS, execution_type: 'now' } as object,
      ARGUMENTS,
    ],
  ] as const) {
    it(`are read from the request of ${client}`, async () => {
      const { execute, requests } = await setUp();
      await execute(['app', 'left'], 'calibrate', body);
      assert.deepEqual(requests, [{ parameters, type: body && 'type' in body ? (body.type ?? undefined) : undefined }]);
    });
  }

  it('next to their member are rejected', async () => {
    const { execute, requests } = await setUp();
    const error = await errorOf(execute(['app', 'left'], 'calibrate', { order: 10, type: 'x' } as object));
    assert.deepEqual([error.status, error.code], [400, 'invalid-request']);
    assert.equal(error.message, 'Arguments must be inside "parameters": {"parameters": {"order": …}}');
    assert.deepEqual(error.parameters?.['fields'], [{ field: 'order', message: 'expected inside "parameters"' }]);
    assert.deepEqual(requests, []);
  });
});

describe('an execution', () => {
  it('returns the answer of a service under both names', async () => {
    const { execute } = await setUp();
    const answer = { called: '/right/calibrate' };
    assert.deepEqual(await execute(['area', 'hall'], 'right:calibrate'), {
      is: 'done',
      result: { status: 'completed', parameters: answer, result: answer },
    });
  });

  it('returns the execution of an action, which can be read and stopped', async () => {
    const { operations, call, path, execute } = await setUp();
    assert.deepEqual(await execute(['component', 'host'], 'navigate'), {
      is: 'begun',
      execution: { id: 'exec_1', status: 'running' },
    });
    await execute(['app', 'base'], 'navigate');
    const target = path('area', 'hall', 'navigate');
    assert.deepEqual(await operations.executions(target, call()), { items: [{ id: 'exec_2' }, { id: 'exec_1' }] });
    const execution = { ...target, executionId: 'exec_1' };
    assert.deepEqual(await operations.execution(execution, call()), {
      id: 'exec_1',
      status: 'running',
      capability: 'execute',
    });
    assert.equal((await operations.control(execution, 'stop', call())).status, 'failed');
    assert.equal((await operations.execution(execution, call())).error, 'It was stopped');
    const { code, parameters } = await errorOf(operations.control(execution, 'execute', call()));
    assert.equal(code, 'precondition-not-fulfilled');
    assert.deepEqual(parameters, { entity_id: 'hall', operation_id: 'navigate', execution_id: 'exec_1' });
  });

  it('of a service leaves no stored execution', async () => {
    const { operations, call, path, execute } = await setUp();
    await execute(['app', 'left'], 'calibrate');
    const target = path('app', 'left', 'calibrate');
    assert.deepEqual(await operations.executions(target, call()), { items: [] });
    const { status, code, message } = await errorOf(operations.execution({ ...target, executionId: 'x' }, call()));
    assert.deepEqual([status, code, message], [404, 'resource-not-found', 'Execution not found']);
  });

  it('that fails names the provider under the name of its kind', async () => {
    const { operations, call, path } = await setUp((nativeId) => {
      if (calls++ > 0 && nativeId === '/base') throw new SovdError({ code: 'x-medkit-ros2-service-unavailable' });
    });
    let calls = 0;
    const error = await errorOf(operations.execute(path('app', 'base', 'halt'), undefined, call()));
    assert.deepEqual(error.body(), {
      error_code: 'vendor-error',
      vendor_code: 'x-medkit-ros2-service-unavailable',
      message: 'Service call failed',
      parameters: { entity_id: 'base', operation_id: 'halt', app_id: 'base' },
    });
  });
});
