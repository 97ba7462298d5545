import { seededRandom } from '@medkit/edges';
import { SimulatedClock } from '@medkit/edges/testing';
import type { FaultReport, FaultState } from '@medkit/faults';
import type { RosEndpoint } from '@medkit/ros2';
import { type BridgeSettings, openFaultBridges } from '../bridges/fault-bridges.ts';
import { faultManagerNames } from '../faults/fault-manager-names.ts';
import { GraphView } from '../graph/graph-view.ts';
import { FakeRos, rosEndpoint, rosNode } from './fake-ros.ts';
import { settle } from './running-runtime.ts';

const RULES = {
  abortedSeverity: 2,
  canceledIsFault: false,
  healOnSucceeded: true,
  codePrefix: 'ACTION',
  sourceId: '',
} as const;
/** All bridges with default settings. */
export const ALL_BRIDGES: Required<BridgeSettings> = {
  diagnostics: {
    topic: '/diagnostics',
    sourceId: '/diagnostic_bridge',
    nameToCode: new Map(),
    keyvalueCodes: [],
    autoGenerateCodes: true,
    useHardwareIdAsSourceId: false,
    usePublisherAsSourceId: false,
  },
  logs: {
    severityFloor: 30,
    codePrefix: 'LOG',
    sourceId: '',
    excludeNodes: [],
    includeOnlyNodes: [],
    excludeMedkitStack: true,
    cooldownMs: 5000,
  },
  actions: { ...RULES, excludeActions: [], includeOnlyActions: [] },
};

/** The goal statuses of the graph's action. */
export const STATUS_TOPIC = '/navigate/_action/status';

export function publisherOf(topic: string, fields: Partial<RosEndpoint> = {}): RosEndpoint {
  const type = 'action_msgs/msg/GoalStatusArray';
  return rosEndpoint({ gid: `pub ${topic}`, role: 'publisher', name: topic, node: '/bt_navigator', type, ...fields });
}

/** A node, the topics and actions that it subscribes to and publishes, and the services that it calls. */
export interface NodeUse {
  readonly fqn: string;
  readonly subscribes?: readonly string[];
  readonly publishes?: readonly string[];
  readonly calls?: readonly string[];
}

function endpointsOf({ fqn: node, subscribes = [], publishes = [], calls = [] }: NodeUse): readonly RosEndpoint[] {
  const each = (role: RosEndpoint['role'], names: readonly string[]) =>
    names.map((name) => rosEndpoint({ gid: `${node} ${role} ${name}`, role, name, node }));
  return [...each('subscription', subscribes), ...each('publisher', publishes), ...each('client', calls)];
}

/** Returns the `action_msgs/msg/GoalStatus` of the goal with this number; higher numbers were accepted later. */
function goalStatus(status: number, number: number) {
  const uuid = new Uint8Array(16).fill(number);
  return { goal_info: { goal_id: { uuid }, stamp: { sec: number, nanosec: 0 } }, status };
}

/** Opens bridges on a graph with an action, and records their reports and logs. */
export async function openBridges(settings: BridgeSettings = ALL_BRIDGES, endpoints = [publisherOf(STATUS_TOPIC)]) {
  const clock = new SimulatedClock();
  const ros = new FakeRos();
  const view = new GraphView();
  const reports: FaultReport[] = [];
  const taken = { yes: true };
  view.replace({ generation: 0, nodes: [], participants: [], endpoints });
  const report = async (report: FaultReport) => {
    if (taken.yes) reports.push(report);
    return taken.yes;
  };
  /** Amended reports. */
  const amended: FaultReport[] = [];
  const amend = async (report: FaultReport) => void amended.push(report);
  const node = await ros.node({ name: 'medkit' });
  const random = seededRandom(1);
  const logged: string[] = [];
  const log = (_: string, message: string) => void logged.push(message);
  /** The faults of the fault manager, by code; others are unknown to it. */
  const known = new Map<string, FaultState>();
  const standing = async (code: string) => known.get(code);
  const bridges = openFaultBridges(
    { node, view, adapter: ros, clock, random, log, report, amend, standing, manager: faultManagerNames('') },
    settings,
  );
  for (const topic of view.topics) bridges.topicChanged(topic, view.topic(topic));
  await settle();
  const goals = async (...statuses: readonly number[]) => {
    ros.deliver(STATUS_TOPIC, { status_list: statuses.map(goalStatus) }, { gid: `pub ${STATUS_TOPIC}` });
    await settle();
  };
  const reported = () => reports.map(({ event, code }) => `${event} ${code}`);
  /** Sets the nodes of the robot, each with the endpoints that it uses besides its own topics. */
  const nodes = (...uses: readonly NodeUse[]) => {
    const used = uses.flatMap(endpointsOf);
    const fqns = uses.map(({ fqn }) => rosNode(fqn));
    view.replace({ generation: 1, nodes: fqns, participants: [], endpoints: [...endpoints, ...used] });
    bridges.graphChanged();
  };
  const vanish = async () => {
    view.replace({ generation: 1, nodes: [], participants: [], endpoints: [] });
    bridges.topicChanged(STATUS_TOPIC, undefined);
    await settle();
  };
  return { clock, ros, view, bridges, reports, amended, logged, taken, known, goals, reported, nodes, vanish };
}
