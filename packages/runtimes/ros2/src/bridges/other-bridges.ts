import type { FaultManagerNames } from '../faults/fault-manager-names.ts';
import { REPORT_FAULT_TYPE } from '../faults/report-message.ts';
import type { GraphView } from '../graph/graph-view.ts';
import { ROSOUT } from '../logs/rosout.ts';
import { actionOfTopic } from './action-outcome.ts';

/** Origins of automatic fault reports. */
export type BridgeKind = 'diagnostics' | 'logs' | 'actions';

export const BRIDGE_KINDS: readonly BridgeKind[] = ['diagnostics', 'logs', 'actions'];

/** Full names of the robot's bridges, by kind, sorted. */
export type OtherBridges = ReadonlyMap<BridgeKind, readonly string[]>;

/** Topics that every node may use, whatever its purpose. */
const COMMON_TOPICS = new Set([ROSOUT, '/parameter_events', '/clock']);

/**
 * Returns the nodes of the graph that do the work of a medkit bridge. They call the service that takes fault reports,
 * subscribe only to what a bridge reads, and publish nothing. Names do not count: launch files change them, and other
 * packages use the same names.
 */
export function otherBridges(view: GraphView, { service }: FaultManagerNames, diagnosticsTopic: string): OtherBridges {
  const found = new Map<BridgeKind, string[]>();
  const reporters = new Set([...view.clientsOf(service('report_fault'))].flatMap(({ node }) => node ?? []));
  for (const fqn of [...reporters].sort()) {
    const kind = view.nodes.has(fqn) ? kindOf(view, fqn, diagnosticsTopic) : undefined;
    if (kind) found.set(kind, [...(found.get(kind) ?? []), fqn]);
  }
  return found;
}

function kindOf(view: GraphView, fqn: string, diagnosticsTopic: string): BridgeKind | undefined {
  const read = new Set<BridgeKind | undefined>();
  for (const { role, name } of view.endpointsOf(fqn)) {
    if (role === 'subscription' && name === ROSOUT) read.add('logs');
    else if (COMMON_TOPICS.has(name)) continue;
    else if (role === 'publisher') return undefined;
    else if (name === diagnosticsTopic) read.add('diagnostics');
    else read.add(actionOfTopic(name) === undefined ? undefined : 'actions');
  }
  const [kind] = read;
  return read.size === 1 ? kind : undefined;
}

/** Services of a fault manager; a gateway calls all of them. */
const GATEWAY_CALLS = ['list_faults', 'get_fault', 'clear_fault', 'list_rosbags'] as const;

/** Returns whether a node belongs to medkit or ros2_medkit: a node of this process, a fault manager or a gateway. */
export function isMedkitNode(view: GraphView, { service }: FaultManagerNames, fqn: string): boolean {
  if (!view.nodes.has(fqn)) return view.node(fqn) !== undefined;
  for (const { type } of view.servicesOf(fqn).values()) if (type === REPORT_FAULT_TYPE) return true;
  return GATEWAY_CALLS.every((name) => [...view.clientsOf(service(name))].some(({ node }) => node === fqn));
}
