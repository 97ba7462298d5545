import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { app, area, component, entityLists, functionEntity } from '@medkit/core/testing';
import { type ApiReply, type ApiRequest, eventHooks, type PluginParts } from '@medkit/plugin';
import type { RosMessage } from '@medkit/ros2';
import { type SimulatedGraph, simulatedGraph } from '@medkit/ros2/testing';
import { serviceInterface } from './service-interface.ts';

const ROBOT = entityLists({
  areas: [area('front'), area('left', { parentAreaId: 'front' })],
  components: [component('lidar', { areaId: 'front', namespace: '/sensors' })],
  apps: [
    app('lidar_driver', { componentId: 'lidar', node: '/sensors/lidar_driver', capabilities: ['x-medkit-procfs'] }),
    app('slam'),
    app('front'),
  ],
  functions: [functionEntity('mapping', ['slam'])],
});

const notFound: ApiReply = { status: 404, headers: {}, body: { error_code: 'x', message: 'Data not found' } };
const value = (data: unknown, status = 'data') =>
  ({ status: 200, headers: {}, body: { data, 'x-medkit': { status } } }) as ApiReply;

/** Answers of the gateway's API. */
const API: Readonly<Record<string, ApiReply>> = {
  '/apps/lidar_driver/data': { status: 200, headers: {}, body: { items: [{ id: '/scan' }, { id: '/status' }] } },
  '/apps/lidar_driver/data/%2Fscan': value({ ranges: [1, 2], stamp: 9007199254740993n }),
  '/apps/lidar_driver/data/%2Fstatus': value({}, 'metadata_only'),
  '/apps/slam/data': { status: 200, headers: {}, body: { items: [] } },
  '/apps/slam/faults': { status: 503, headers: {}, body: { message: 'Fault manager does not answer' } },
  '/components/lidar/faults': {
    status: 200,
    headers: {},
    body: {
      items: [
        {
          fault_code: 'MOTOR_HOT',
          severity: 2,
          description: 'hot',
          status: 'CONFIRMED',
          occurrence_count: 3,
          first_occurred: 1770201000.25,
          reporting_sources: ['/sensors/lidar_driver'],
        },
        { fault_code: 'PLC', status: { aggregatedStatus: 'active' } },
      ],
    },
  },
};

describe('the services of a gateway', () => {
  let graph: SimulatedGraph;
  let parts: PluginParts;
  let requests: string[];
  let call: (service: string, type: string, request: RosMessage) => Promise<RosMessage>;

  beforeEach(async () => {
    graph = simulatedGraph({ seed: 3, conditions: { latencyMs: 0.2 } });
    const { clock, join, during } = graph;
    requests = [];
    parts = await serviceInterface.setup({
      name: 'sovd_service_interface',
      options: { service_prefix: '/medkit' },
      clock,
      log: () => undefined,
      changed: () => undefined,
      record: async () => undefined,
      resourceChanged: () => undefined,
      entities: async () => ROBOT,
      ...eventHooks(() => () => undefined),
      clearFault: async () => false,
      reportFault: async () => false,
      request: async ({ path }: ApiRequest) => {
        requests.push(path);
        return API[path] ?? notFound;
      },
      ros: await join(),
    });
    const node = await (await join()).node({ name: 'client' });
    call = async (service, type, request) => {
      const client = await node.client(service, `ros2_medkit_msgs/srv/${type}`);
      const answer = await during(client.call(request, { timeoutMs: 3000 }));
      await client.close();
      return answer;
    };
  });
  afterEach(async () => {
    await parts.stop?.();
    await graph.close();
  });

  const entitiesOf = async (entity_type: string, parent_id: string) => {
    const { success, entities } = await call('/medkit/list_entities', 'ListEntities', { entity_type, parent_id });
    assert.equal(success, true);
    return (entities as readonly RosMessage[]).map(({ id }) => id);
  };

  it('list entities of all kinds, of one, of a parent, or both', async () => {
    assert.deepEqual(await entitiesOf('', ''), ['front', 'left', 'lidar', 'lidar_driver', 'slam', 'front', 'mapping']);
    assert.deepEqual(await entitiesOf('app', ''), ['lidar_driver', 'slam', 'front']);
    assert.deepEqual(await entitiesOf('', 'front'), ['left', 'lidar']);
    assert.deepEqual(await entitiesOf('component', 'front'), ['lidar']);
    assert.deepEqual(await entitiesOf('function', 'front'), []);
    const { success, error_message } = await call('/medkit/list_entities', 'ListEntities', { entity_type: 'apps' });
    assert.equal(success, false);
    assert.match(String(error_message), /Unknown entity_type 'apps': use area, component, app, function/);
  });

  it('describe an entity and its capabilities', async () => {
    const { entities } = await call('/medkit/list_entities', 'ListEntities', { parent_id: 'lidar' });
    const [{ capabilities, ...rest } = {} as RosMessage] = entities as readonly RosMessage[];
    assert.deepEqual(rest, {
      id: 'lidar_driver',
      name: 'lidar_driver',
      entity_type: 'app',
      parent_id: 'lidar',
      fqn: '/sensors/lidar_driver',
    });
    for (const name of ['data', 'faults', 'x-medkit-procfs']) assert.ok((capabilities as string[]).includes(name));
  });

  it('list the capabilities of the server, and those of an entity, with its vendor capabilities first', async () => {
    const of = (entity_id: string) => call('/medkit/get_capabilities', 'GetCapabilities', { entity_id });
    assert.deepEqual(await of(''), {
      success: true,
      error_message: '',
      capabilities: ['apps', 'components', 'areas', 'functions', 'faults', 'health'],
      resource_types: ['areas', 'components', 'apps', 'functions'],
    });
    const { capabilities, resource_types } = await of('lidar_driver');
    assert.deepEqual((capabilities as string[]).slice(0, 1), ['x-medkit-procfs']);
    assert.ok((capabilities as string[]).includes('data'));
    assert.ok(!(resource_types as string[]).includes('x-medkit-procfs'));
    assert.deepEqual(await of('ghost'), {
      success: false,
      error_message: 'Entity not found: ghost',
      capabilities: [],
      resource_types: [],
    });
  });

  it('list the faults of an entity, with a SOVD status as text', async () => {
    const of = (entity_id: string) => call('/medkit/list_entity_faults', 'ListFaultsForEntity', { entity_id });
    const { success, faults } = await of('lidar');
    assert.equal(success, true);
    assert.deepEqual(
      (faults as readonly RosMessage[]).map(({ fault_code, severity, status, occurrence_count, first_occurred }) => [
        fault_code,
        severity,
        status,
        occurrence_count,
        first_occurred,
      ]),
      [
        ['MOTOR_HOT', 2, 'CONFIRMED', 3, { sec: 1770201000, nanosec: 250_000_000 }],
        ['PLC', 0, 'active', 0, { sec: 0, nanosec: 0 }],
      ],
    );
    assert.deepEqual((await of('ghost'))['error_message'], 'Entity not found: ghost');
    assert.deepEqual((await of('slam'))['error_message'], 'Fault manager does not answer');
  });

  it('read data by key, with exact 64-bit integers; a failing key does not affect the others', async () => {
    const of = (entity_id: string, data_keys: readonly string[]) =>
      call('/medkit/get_entity_data', 'GetEntityData', { entity_id, data_keys });
    assert.deepEqual(await of('lidar_driver', ['/scan', '/scan']), {
      success: true,
      error_message: '',
      data_json: '{"/scan":{"ranges":[1,2],"stamp":9007199254740993}}',
    });
    assert.deepEqual(requests, ['/apps/lidar_driver/data/%2Fscan']);
    const { success, error_message, data_json } = await of('lidar_driver', ['/scan', '/nope', '/status']);
    assert.equal(success, false);
    assert.equal(error_message, '/nope: Data not found; /status: nothing has been published');
    assert.deepEqual(Object.keys(JSON.parse(String(data_json))), ['/scan']);
  });

  it('read all data of an entity if no keys are given, and none of an empty or missing entity', async () => {
    const of = (entity_id: string, data_keys: readonly string[] = []) =>
      call('/medkit/get_entity_data', 'GetEntityData', { entity_id, data_keys });
    assert.equal((await of('lidar_driver'))['error_message'], '/status: nothing has been published');
    assert.deepEqual(await of('slam'), { success: true, error_message: '', data_json: '{}' });
    assert.deepEqual(await of('ghost'), {
      success: false,
      error_message: 'Entity not found: ghost',
      data_json: '{}',
    });
    const many = await of(
      'slam',
      Array.from({ length: 65 }, (_, number) => `/t${number}`),
    );
    assert.match(String(many['error_message']), /65 data items exceed the maximum of 64/);
  });

  it('resolve an id of several kinds to the component, then to the app', async () => {
    const { capabilities } = await call('/medkit/get_capabilities', 'GetCapabilities', { entity_id: 'front' });
    assert.ok((capabilities as string[]).includes('status'), 'an area has none');
  });

  it('are removed when the plugin is stopped', async () => {
    await parts.stop?.();
    await assert.rejects(call('/medkit/get_capabilities', 'GetCapabilities', {}), { name: 'ServiceUnavailable' });
  });
});
