import { type DataChannel, type Model, openModel, type Providers } from '@medkit/core';
import {
  app,
  area,
  component,
  functionEntity,
  type MemoryItem,
  type MemoryRuntime,
  memoryFaults,
  memoryRuntime,
} from '@medkit/core/testing';
import { MemoryFiles, SimulatedClock } from '@medkit/edges/testing';
import type { FastifyInstance } from 'fastify';
import { type GatewayConfig, loadConfig } from '../config/index.ts';
import type { GatewayServerOptions } from '../gateway-server.ts';
import { testServer } from './test-server.ts';

export interface TestGateway {
  readonly app: FastifyInstance;
  readonly model: Model;
  readonly runtime: MemoryRuntime;
  readonly clock: SimulatedClock;
  /** Files stored by the gateway. */
  readonly storage: MemoryFiles;
  /** Lines of the operator's log. */
  readonly log: string[];
}

/**
 * Disables what would use files or run programs on the machine. Also disables incidents, which follow all faults,
 * including those of peers: tests count requests. Also disables the history: tests count writes and timers.
 */
const IN_MEMORY = [
  'incidents.enabled=false',
  'history.enabled=false',
  'fault_triggers.storage.path=:memory:',
  'scripts.runner=plain',
];

function topic(name: string, direction: DataChannel['direction'], type: string): MemoryItem {
  return { channel: { name, direction, type }, terms: { ros2: { topic: name, direction, type } } };
}

/** The default configuration with some sections changed, and nothing on disk. */
export async function testConfig(
  changes: { readonly [Section in keyof GatewayConfig]?: Partial<GatewayConfig[Section]> } = {},
): Promise<GatewayConfig> {
  const folders = { home: '/home/robot', working: '/', environment: {} };
  const { config } = await loadConfig({ files: new MemoryFiles(), folders, flags: { set: IN_MEMORY } });
  const sections = Object.entries(changes).map(([name, change]) => [
    name,
    typeof change === 'object' && !Array.isArray(change) && !(change instanceof Map)
      ? { ...(config[name as keyof GatewayConfig] as object), ...change }
      : change,
  ]);
  return { ...config, ...Object.fromEntries(sections) };
}

/**
 * A gateway of a small robot in memory that checks every reply against its schema. Answers `inject` without a socket.
 */
export async function testGateway(
  changes: Parameters<typeof testConfig>[0] = {},
  onCall?: (nativeId: string) => Promise<void> | void,
  providers: Omit<Providers, 'data'> = {},
  parts: Partial<GatewayServerOptions> = {},
): Promise<TestGateway> {
  const clock = new SimulatedClock();
  const log: string[] = [];
  const storage = new MemoryFiles();
  const runtime = memoryRuntime({
    areas: [area('warehouse', { namespace: '/warehouse' })],
    components: [component('amr_01', { areaId: 'warehouse' }), component('arm', { parentComponentId: 'amr_01' })],
    apps: [
      app('lidar_driver', {
        componentId: 'amr_01',
        node: '/lidar_driver',
        address: { runtime: 'memory', nativeId: '/lidar_driver' },
      }),
      app('battery_monitor', { address: { runtime: 'memory', nativeId: '/battery_monitor' } }),
    ],
    functions: [functionEntity('navigation', ['lidar_driver'])],
    data: {
      '/lidar_driver': {
        '/scan': {
          value: { ranges: [1, 2.5], stamp: 2n ** 62n },
          ...topic('/scan', 'publish', 'sensor_msgs/msg/LaserScan'),
          typeInfo: { schema: { type: 'object', properties: { ranges: { type: 'array' } } }, default_value: {} },
        },
        '/front/left/scan': { value: { ranges: [] } },
        '/cmd_vel': topic('/cmd_vel', 'subscribe', 'geometry_msgs/msg/Twist'),
      },
      '/battery_monitor': { '/battery_state': { value: { voltage: 24.8 } }, '/voltage': {} },
    },
    ...(onCall && { onCall }),
    records: { isEntity: () => false },
    providers: { faults: memoryFaults(), ...providers },
  });
  const model = await openModel({
    runtimes: [runtime],
    clock,
    log: (_level, message) => log.push(message),
    ...(parts.instance !== undefined && { gateway: parts.instance }),
  });
  const server = await testServer({
    config: await testConfig(changes),
    model,
    clock,
    storage,
    log: (_level, message) => log.push(message),
    ...parts,
  });
  return { app: server, model, runtime, clock, storage, log };
}
