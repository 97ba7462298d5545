import type { GraphDiff } from '@medkit/ros2';
import type { GraphView } from '../graph/graph-view.ts';

/** What faults are made of besides reports. */
export type BridgeKind = 'diagnostics' | 'logs' | 'actions';

/** The nodes of ros2_medkit that do the same, by the last part of their names: launch files put them into namespaces. */
const NODE_NAMES: Readonly<Record<BridgeKind, string>> = {
  diagnostics: 'diagnostic_bridge',
  logs: 'log_bridge',
  actions: 'action_status_bridge',
};

export const BRIDGE_KINDS = Object.keys(NODE_NAMES) as readonly BridgeKind[];

/** Names and kinds of bridges that the robot brings along; of several of one kind the first by name. */
export type OtherBridges = ReadonlyMap<BridgeKind, string>;

/** Whether a bridge may be among the nodes that came and went: else nobody need look through all that there are. */
export function touchesBridges({ added, removed }: GraphDiff['nodes']): boolean {
  return (
    added.some(({ name }) => kindOf(name) !== undefined) ||
    removed.some((fqn) => kindOf(fqn.slice(fqn.lastIndexOf('/') + 1)) !== undefined)
  );
}

/** The bridges among the nodes of a graph. */
export function otherBridges({ nodes }: Pick<GraphView, 'nodes'>): OtherBridges {
  const found = new Map<BridgeKind, string>();
  for (const { name, fqn } of nodes.values()) {
    const kind = kindOf(name);
    if (kind && fqn < (found.get(kind) ?? '\uffff')) found.set(kind, fqn);
  }
  return found;
}

function kindOf(name: string): BridgeKind | undefined {
  return BRIDGE_KINDS.find((kind) => NODE_NAMES[kind] === name);
}
