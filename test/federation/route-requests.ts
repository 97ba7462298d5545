import type { EntityKind } from '@medkit/contract';
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
import { type RealGatewayOptions, realGateway } from './real-gateway.ts';

/** A request on a resource of an entity. `{name}` in its path is the id returned by the step that `saves` it. */
export interface Step {
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
export const REQUESTS: Readonly<Record<EntityKind, readonly [id: string, steps: readonly Step[]]>> = {
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

/** Starts the gateway of a robot that can answer all {@link REQUESTS}. */
export async function robotGateway({ config, ...options }: Partial<RealGatewayOptions> = {}) {
  const programs = new SimulatedPrograms();
  programs.onStart = (program) => {
    program.onSignal = () => program.exit(143);
  };
  return realGateway({
    instance: 'yard',
    robot: robot(),
    ...options,
    config: { bulk_data: { categories: ['maps'] }, ...config },
    parts: { programHost: { programs, environment: { PATH: '/bin', LANG: 'C' }, isRoot: false }, ...options.parts },
  });
}
