import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { ALL_ROUTES, type EntityKind, entityPath, KIND_TERMS, type Route } from '@medkit/contract';
import type { DataPicture } from '@medkit/core';
import {
  app,
  area,
  component,
  fault,
  functionEntity,
  memoryConfigurations,
  memoryFaults,
  memoryOperations,
} from '@medkit/core/testing';
import { SimulatedPrograms } from '@medkit/edges/testing';
import { eventually } from '../harness/eventually.ts';
import { type RealGatewayOptions, realGateway } from './real-gateway.ts';
import type { Gateway } from './robots.ts';

/** A request on a resource of an entity. `{name}` in its path is the id returned by the step that `saves` it. */
interface Step {
  readonly method: 'GET' | 'HEAD' | 'PUT' | 'POST' | 'DELETE';
  readonly path: string;
  /** JSON, or a function that returns it for the address of the entity. */
  readonly body?: unknown;
  readonly form?: Readonly<Record<string, string>>;
  readonly headers?: Readonly<Record<string, string>>;
  readonly saves?: string;
  /** Expected status at the robot's own gateway, if it is not a success. */
  readonly status?: number;
}

const step = (method: Step['method'], path: string, more: Omit<Step, 'method' | 'path'> = {}): Step => ({
  method,
  path,
  headers: { 'x-client-id': 'alice' },
  ...more,
});

const FILE = { 'hall.pgm': '0123456789'.repeat(10) };
const RULE = {
  data_name: '/scan',
  operator: '<',
  threshold: 1,
  fault_code: 'NEAR',
  severity: 'WARNING',
  active: false,
};
const TRIGGER = (of: string): unknown => ({
  resource: `${of}/data/scan`,
  trigger_condition: { condition_type: 'OnChange' },
  multishot: true,
});
const SUBSCRIPTION = (of: string): unknown => ({
  resource: `${of}/data/scan`,
  interval: 'fast',
  duration: 60,
  protocol: 'sse',
});

const READ: readonly Step[] = [
  step('GET', '/data'),
  step('HEAD', '/data'),
  step('GET', '/data/scan'),
  step('HEAD', '/data/scan'),
  step('GET', '/data/nothing', { status: 404 }),
  step('GET', '/data/scan/x-medkit-history', { status: 409 }),
  step('GET', '/data/scan/x-medkit-picture', { status: 409 }),
  step('GET', '/data/image/x-medkit-picture'),
  step('PUT', '/data/scan', { body: { type: 'x/msg/X', data: { n: 1 } } }),
  step('PUT', '/data/scan', { body: { nonsense: 1 }, status: 400 }),
  step('GET', '/data-categories'),
  step('GET', '/data-groups'),
  step('GET', '/operations'),
  step('GET', '/operations/home'),
  step('POST', '/operations/home/executions', { body: { parameters: {} } }),
  step('POST', '/operations/drive/executions', { body: { parameters: { to: 1 } }, saves: 'run' }),
  step('GET', '/operations/drive/executions'),
  step('GET', '/operations/drive/executions/{run}'),
  step('PUT', '/operations/drive/executions/{run}', { body: { capability: 'stop' } }),
  step('DELETE', '/operations/drive/executions/{run}'),
  step('GET', '/operations/drive/executions/none', { status: 404 }),
  step('GET', '/configurations'),
  step('GET', '/configurations/rate'),
  step('PUT', '/configurations/rate', { body: { data: 9 } }),
  step('PUT', '/configurations/rate', { body: {}, status: 400 }),
  step('DELETE', '/configurations/rate'),
  step('DELETE', '/configurations'),
  step('GET', '/faults'),
  step('GET', '/faults?status=all'),
  step('GET', '/faults/JAM'),
  step('GET', '/faults/JAM/x-medkit-history'),
  step('GET', '/faults/NONE', { status: 404 }),
  step('GET', '/logs'),
  step('GET', '/logs?severity=nonsense', { status: 400 }),
  step('GET', '/bulk-data'),
  step('GET', '/bulk-data/rosbags'),
  step('GET', '/bulk-data/rosbags/none', { status: 404 }),
];

const CLEAR: readonly Step[] = [step('DELETE', '/faults/JAM'), step('DELETE', '/faults')];

const LOG_CONFIGURATION: readonly Step[] = [
  step('GET', '/logs/configuration'),
  step('PUT', '/logs/configuration', { body: { severity_filter: 'warning', max_entries: 50 }, status: 204 }),
];

const TRIGGERS: readonly Step[] = [
  step('POST', '/triggers', { body: TRIGGER, saves: 'trigger' }),
  step('GET', '/triggers'),
  step('GET', '/triggers/{trigger}'),
  step('PUT', '/triggers/{trigger}', { body: { lifetime: 60 } }),
  step('POST', '/triggers/{trigger}/x-medkit-test', { body: {}, status: 409 }),
  step('GET', '/triggers/{trigger}/events'),
  step('DELETE', '/triggers/{trigger}'),
];

const SUBSCRIPTIONS: readonly Step[] = [
  step('POST', '/cyclic-subscriptions', { body: SUBSCRIPTION, saves: 'subscription' }),
  step('GET', '/cyclic-subscriptions'),
  step('GET', '/cyclic-subscriptions/{subscription}'),
  step('PUT', '/cyclic-subscriptions/{subscription}', { body: { interval: 'slow' } }),
  step('GET', '/cyclic-subscriptions/{subscription}/events'),
  step('DELETE', '/cyclic-subscriptions/{subscription}'),
];

const UPLOADS: readonly Step[] = [
  step('POST', '/bulk-data/maps', { form: FILE, saves: 'file' }),
  step('GET', '/bulk-data/maps'),
  step('GET', '/bulk-data/maps/{file}'),
  step('HEAD', '/bulk-data/maps/{file}'),
  step('GET', '/bulk-data/maps/{file}', { headers: { range: 'bytes=3-6' } }),
  step('GET', '/bulk-data/maps/{file}', { headers: { range: 'bytes=900-' }, status: 416 }),
  step('POST', '/bulk-data/maps', { body: {}, status: 415 }),
  step('DELETE', '/bulk-data/maps/{file}'),
];

const LOCKS: readonly Step[] = [
  step('POST', '/locks', { body: { lock_expiration: 60 }, saves: 'lock' }),
  step('POST', '/locks', { body: { lock_expiration: 60 }, headers: { 'x-client-id': 'bob' }, status: 409 }),
  step('GET', '/locks'),
  step('GET', '/locks/{lock}'),
  step('PUT', '/locks/{lock}', { body: { lock_expiration: 90 } }),
  step('PUT', '/configurations/rate', { body: { data: 9 }, headers: { 'x-client-id': 'bob' }, status: 409 }),
  step('DELETE', '/locks/{lock}'),
];

const SCRIPTS: readonly Step[] = [
  step('POST', '/scripts', { form: { 'check.sh': 'echo fine\n' }, saves: 'script' }),
  step('GET', '/scripts'),
  step('GET', '/scripts/{script}'),
  step('POST', '/scripts/{script}/executions', { body: { execution_type: 'now' }, saves: 'execution' }),
  step('GET', '/scripts/{script}/executions'),
  step('GET', '/scripts/{script}/executions/{execution}'),
  step('PUT', '/scripts/{script}/executions/{execution}', { body: { action: 'stop' } }),
  step('DELETE', '/scripts/{script}/executions/{execution}'),
  step('DELETE', '/scripts/{script}'),
];

const ACTIONS = ['start', 'restart', 'force-restart', 'shutdown', 'force-shutdown'];
/** Requests of the status and of each transition, with the expected status. */
const statusSteps = (status: number): readonly Step[] => [
  step('GET', '/status'),
  ...ACTIONS.map((action) => step('PUT', `/status/${action}`, { status })),
];

const FAULT_TRIGGERS: readonly Step[] = [
  step('POST', '/fault-triggers', { body: RULE, saves: 'rule' }),
  step('GET', '/fault-triggers'),
  step('DELETE', '/fault-triggers/{rule}'),
];

/** Files of an area or a component, addressed through its parent. */
const nested = (part: string): readonly Step[] => [
  step('GET', `/${part}/bulk-data`),
  step('GET', `/${part}/bulk-data/maps`),
  step('GET', `/${part}/bulk-data/maps/none`, { status: 404 }),
];

const COMMON = [...READ, ...LOG_CONFIGURATION, ...TRIGGERS];
/** Requests for an entity of each kind, and the entity's id at its own gateway. */
const REQUESTS: Readonly<Record<EntityKind, readonly [id: string, steps: readonly Step[]]>> = {
  app: [
    'lidar',
    [...COMMON, ...SUBSCRIPTIONS, ...UPLOADS, ...LOCKS, ...SCRIPTS, ...statusSteps(202), ...FAULT_TRIGGERS, ...CLEAR],
  ],
  component: [
    'base',
    [
      ...COMMON,
      ...SUBSCRIPTIONS,
      ...UPLOADS,
      ...LOCKS,
      ...SCRIPTS,
      ...statusSteps(501),
      ...nested('subcomponents/wheel'),
      ...CLEAR,
    ],
  ],
  area: ['shed', [...COMMON, ...LOCKS, ...nested('subareas/corner'), ...CLEAR]],
  function: ['pick', [...COMMON, ...SUBSCRIPTIONS, ...LOCKS, ...CLEAR]],
};

const PICTURE: DataPicture = {
  mediaType: 'image/png',
  bytes: Uint8Array.of(0x89, 0x50, 0x4e, 0x47),
  width: 640,
  height: 480,
  encoding: 'mono8',
  timestampNs: 1_767_225_600_123_500_000n,
};

/** The robot of both gateways under comparison; two of its entities share ids with entities of the head. */
function robot(): RealGatewayOptions['robot'] {
  const address = { runtime: 'ros2', nativeId: '/lidar' };
  return {
    areas: [area('shed'), area('corner', { parentAreaId: 'shed' })],
    components: [component('base', { areaId: 'shed' }), component('wheel', { parentComponentId: 'base' })],
    apps: [app('lidar', { componentId: 'base', node: '/lidar', address })],
    functions: [functionEntity('pick', ['lidar'])],
    data: { '/lidar': { '/scan': { value: { n: 0 } }, '/image': { picture: PICTURE } } },
    records: { isEntity: () => true },
    providers: {
      faults: memoryFaults({ faults: [fault('JAM', { sources: ['/lidar'] })] }),
      configurations: memoryConfigurations({ '/lidar': { rate: { type: 'int', value: 1 } } }),
      operations: memoryOperations({ '/lidar': { home: { answer: () => ({ ok: true }) }, drive: {} } }),
      lifecycle: {
        status: async () => ({ status: 'ready', actions: ['restart'] }),
        change: async () => undefined,
      },
    },
  };
}

async function robotGateway(): Promise<Gateway> {
  const programs = new SimulatedPrograms();
  programs.onStart = (program) => {
    program.onSignal = () => program.exit(143);
  };
  return realGateway({
    instance: 'yard',
    robot: robot(),
    config: { bulk_data: { categories: ['maps'] } },
    parts: { programHost: { programs, environment: { PATH: '/bin', LANG: 'C' }, isRoot: false } },
  });
}

/** The parts of a reply that matter to a client, with the ids of the entity's own gateway. */
interface ReplyView {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | null>>;
  readonly body: unknown;
}

const HEADERS = [
  'accept-ranges',
  'allow',
  'cache-control',
  'content-disposition',
  'content-range',
  'content-type',
  'location',
  'retry-after',
];

/** Sends a request for the entity with address `of` to a gateway; `saved` are ids of created resources. */
async function replyTo(base: string, of: string, request: Step, saved: Map<string, string>): Promise<ReplyView> {
  const { method, body, form, saves, headers = {} } = request;
  const path = request.path.replaceAll(/\{(\w+)\}/g, (_whole, name) => saved.get(name) ?? name);
  const data = new FormData();
  for (const [name, text] of Object.entries(form ?? {})) data.append('file', new Blob([text]), name);
  const json = typeof body === 'function' ? body(of) : body;
  const reply = await fetch(`${base}${of}${path}`, {
    method,
    headers: { ...headers, ...(json !== undefined && { 'content-type': 'application/json' }) },
    ...(form ? { body: data } : json !== undefined && { body: JSON.stringify(json) }),
  });
  const isStream = reply.headers.get('content-type')?.startsWith('text/event-stream') === true;
  if (isStream) await reply.body?.cancel();
  const text = isStream ? '' : await reply.text();
  const isJson = reply.headers.get('content-type')?.includes('json') === true && text !== '';
  if (saves !== undefined && isJson) saved.set(saves, String(JSON.parse(text).id));
  return {
    status: reply.status,
    headers: Object.fromEntries(HEADERS.map((name) => [name, here(reply.headers.get(name))])),
    body: isJson ? plain(JSON.parse(text)) : text,
  };
}

const here = (text: string | null) =>
  text?.replaceAll(/yard__/g, '').replaceAll(/maps_\d+_[0-9a-f]+/g, '<file>') ?? null;

/** Removes values that differ each time: times, durations, and names derived from them. */
function plain(value: unknown, name = ''): unknown {
  if (Array.isArray(value)) return value.map((item) => plain(item));
  if (typeof value === 'object' && value !== null)
    return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, plain(member, key)]));
  if (/(?:^|_)(?:at|ms|time|timestamp|date|expiration|expires|duration|sec)$|^timestamp/.test(name)) return `<${name}>`;
  if (typeof value !== 'string') return value;
  return here(value)
    ?.replaceAll(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, '<moment>')
    .replaceAll(/[0-9a-f]{8}-[0-9a-f-]{27}/g, '<uuid>');
}

function routeOf(kind: EntityKind, { method, path }: Step): Route | undefined {
  const pathname = path.split('?')[0] as string;
  return ALL_ROUTES.filter(
    (route) => route.kind === kind && route.method === (method === 'HEAD' ? 'get' : method.toLowerCase()),
  )
    .map((route) => ({ route, rest: route.path.slice(entityPath(KIND_TERMS[kind]).length) }))
    .filter(({ rest }) => new RegExp(`^${rest.replaceAll(/\{\w+\}/g, '[^/]+')}$`).test(pathname))
    .sort((a, b) => a.rest.split('{').length - b.rest.split('{').length)[0]?.route;
}

/** Returns whether a route is answered from the tree of this gateway. */
const isOfTree = ({ related, path }: Route): boolean => related !== undefined || path.split('/').length <= 3;

describe('every route of an entity of another gateway', () => {
  let gateways: { readonly twin: Gateway; readonly yard: Gateway; readonly head: Gateway };

  before(async () => {
    const [twin, yard] = [await robotGateway(), await robotGateway()];
    const local = { components: [component('base')], apps: [app('lidar')] };
    const head = await realGateway({ instance: 'dock', robot: local, peers: { yard: yard.url } });
    gateways = { twin, yard, head };
    await eventually('the peer', async () => (await head.ask('GET', '/apps/yard__lidar')).status === 200);
  });
  after(async () => {
    for (const gateway of [gateways.head, gateways.yard, gateways.twin]) await gateway.close();
  });

  it('is covered by this comparison', () => {
    for (const kind of Object.keys(REQUESTS) as EntityKind[]) {
      const compared = new Set(REQUESTS[kind][1].map((each) => routeOf(kind, each)?.operationId));
      const routes = ALL_ROUTES.filter((route) => route.kind === kind && !isOfTree(route));
      const uncovered = routes.map(({ operationId }) => operationId).filter((id) => !compared.has(id));
      assert.deepEqual(uncovered, [], kind);
      assert.ok(!compared.has(undefined), kind);
    }
  });

  it('is in the documentation of the entity, under its local name', async () => {
    const { twin, head } = gateways;
    for (const kind of Object.keys(REQUESTS) as EntityKind[]) {
      const { collection } = KIND_TERMS[kind];
      const [id] = REQUESTS[kind];
      const pathsAt = async (gateway: Gateway, path: string) => {
        const { status, body } = await gateway.ask('GET', `/${collection}/${path}/docs`);
        assert.equal(status, 200, path);
        return Object.keys(body.paths).map(here).sort();
      };
      const idHere = kind === 'app' || kind === 'component' ? `yard__${id}` : id;
      assert.deepEqual(await pathsAt(head, idHere), await pathsAt(twin, id), kind);
    }
  });

  for (const kind of Object.keys(REQUESTS) as EntityKind[]) {
    it(`is answered through this gateway as by its owner, for ${KIND_TERMS[kind].a}`, async () => {
      const { twin, head } = gateways;
      const [id, steps] = REQUESTS[kind];
      const { collection } = KIND_TERMS[kind];
      const idHere = kind === 'app' || kind === 'component' ? `yard__${id}` : id;
      const saved = { direct: new Map<string, string>(), through: new Map<string, string>() };
      const differences: unknown[] = [];
      for (const each of steps) {
        const direct = await replyTo(twin.url, `/api/v1/${collection}/${id}`, each, saved.direct);
        const through = await replyTo(head.url, `/api/v1/${collection}/${idHere}`, each, saved.through);
        const name = `${each.method} ${each.path}`;
        const isExpected = each.status === undefined ? direct.status < 300 : direct.status === each.status;
        if (!isExpected) differences.push({ name, expected: each.status ?? 'success', direct });
        try {
          assert.deepEqual(through, direct);
        } catch (error) {
          differences.push({ name, message: (error as Error).message });
        }
      }
      assert.deepEqual(differences, []);
    });
  }
});
