import { lookup } from 'node:dns/promises';
import { hostname, machine } from 'node:os';
import type { IdRegistry, Log, Runtime } from '@medkit/core';
import { osNameOf } from '@medkit/core/discovery';
import { systemClock, systemFiles, systemRandom, udpDatagrams } from '@medkit/edges/node';
import {
  type JoinOptions,
  openRosAdapter,
  openWorkerRosAdapter,
  type RosAdapter,
  readEnvironment,
  recordIfEnabled,
  type ThreadState,
} from '@medkit/ros2';
import { type FaultOptions, type Ros2Settings, ros2Runtime } from '@medkit/runtime-ros2';
import type { Environment, GatewayConfig } from '../config/index.ts';
import { withThreadWarnings } from './thread-warnings.ts';

/** Options for joining a robot besides the configuration. */
export interface RobotParts {
  /** Absent: no faults are served. */
  readonly faults?: FaultOptions;
  /** Whether the runtime must report the topics of each node now. */
  readonly topicsWanted?: () => boolean;
  /** Subscribes to every line that medkit logs, for publishing it. */
  readonly onGatewayLine?: (listener: Log) => () => void;
  /** The assigned entity ids. */
  readonly ids?: IdRegistry;
}

export interface Robot {
  readonly runtime: Runtime;
  /** The adapter of its graph. */
  readonly ros: RosAdapter;
  /** Leaves the graph; call after the runtime has stopped. */
  close(): Promise<void>;
}

/** Joins the ROS 2 graph of the configuration and environment. Throws a one-line error if that fails. */
export async function openRobot(
  config: GatewayConfig,
  environment: Environment,
  { faults, topicsWanted, onGatewayLine, ids }: RobotParts = {},
): Promise<Robot> {
  const variables = { ...environment, ROS_DOMAIN_ID: String(config.ros.domain_id) };
  const recording = config.record.file ? { path: config.record.file, limitBytes: config.record.max_bytes } : undefined;
  const join = {
    environment: readEnvironment(variables),
    typeFolders: config.ros.type_folders,
    ...(recording && { recording }),
  };
  const [{ adapter, thread }, osRelease] = await Promise.all([
    config.ros.own_thread ? inSeparateThread(join) : inThisThread(join),
    systemFiles.readText('/etc/os-release'),
  ]);
  const host = { hostname: hostname(), osName: osNameOf(osRelease), machine: machine() };
  const runtime = ros2Runtime({
    adapter,
    clock: systemClock,
    random: systemRandom,
    host,
    settings: settingsOf(config),
    ...(faults && { faults }),
    ...(topicsWanted && { topicsWanted }),
    ...(onGatewayLine && { onGatewayLine }),
    ...(ids && { ids }),
  });
  return {
    runtime: thread ? withThreadWarnings(runtime, thread) : runtime,
    ros: adapter,
    close: () => adapter.close(),
  };
}

interface RosConnection {
  readonly adapter: RosAdapter;
  /** State of the adapter's thread, if it has one. */
  readonly thread?: () => ThreadState;
}

async function inThisThread({ recording, ...join }: JoinOptions): Promise<RosConnection> {
  const adapter = await openRosAdapter({
    ...join,
    clock: systemClock,
    datagrams: await recordIfEnabled(udpDatagrams, recording),
    random: systemRandom,
    files: systemFiles,
    resolveHost: addressOf,
  });
  return { adapter };
}

async function inSeparateThread(join: JoinOptions): Promise<RosConnection> {
  const adapter = await openWorkerRosAdapter({ ...join, clock: systemClock });
  return { adapter, thread: adapter.thread };
}

function settingsOf(config: GatewayConfig): Partial<Ros2Settings> {
  const { data_provider, discovery, ros, subscription_executor, topic_sample_timeout_sec } = config;
  return {
    node: ros.node,
    createFunctionsFromNamespaces: discovery.runtime.create_functions_from_namespaces,
    hostComponent: discovery.runtime.default_component.enabled,
    filterInternalNodes: discovery.runtime.filter_internal_nodes,
    showMedkitNodes: discovery.runtime.show_own_nodes,
    serviceCallTimeoutMs: config.service_call_timeout_sec * 1000,
    sampleTimeoutMs: topic_sample_timeout_sec * 1000,
    coldWaitCap: data_provider.cold_wait_cap,
    foreignTopics: data_provider.foreign_topics,
    maxPoolSize: data_provider.max_pool_size,
    idleMaxBytes: data_provider.idle_max_bytes,
    idleMs: data_provider.idle_safety_net_sec * 1000,
    sweepTickMs: data_provider.idle_sweep_tick_sec * 1000,
    slowTaskMs: subscription_executor.watchdog_threshold_ms,
    parameterTimeoutMs: config.parameter_service_timeout_sec * 1000,
    parameterMuteMs: config.parameter_service_negative_cache_sec * 1000,
    observeParameters: config.audit.observed && config.audit.requests !== 'off',
    definitionsFolder: ros.type_folders[0],
  };
}

async function addressOf(name: string): Promise<string | undefined> {
  try {
    return (await lookup(name, { family: 4 })).address;
  } catch {
    return undefined;
  }
}
