import { type ActionServerChoice, goalServiceOf } from '@medkit/ros2';
import type { GraphView } from '../graph/graph-view.ts';
import type { RosOperation } from './ros-operation.ts';

/** Returns the operation as offered by one node: marked with the node if another node offers the same name. */
export function operationAt(view: Pick<GraphView, 'serversOf'>, fqn: string, operation: RosOperation): RosOperation {
  const { kind, name } = operation;
  const service = kind === 'action' ? goalServiceOf(name) : name;
  for (const { node } of view.serversOf(service)) {
    if (node !== undefined && node !== fqn) return { ...operation, sharedBy: fqn };
  }
  return operation;
}

/** Returns the GIDs of the endpoints by which a node offers a service. */
export function serversAt(view: Pick<GraphView, 'serversOf'>, fqn: string, service: string): readonly string[] {
  return [...view.serversOf(service)].filter(({ node }) => node === fqn).map(({ gid }) => gid);
}

/** Selects the action server of one node if several nodes offer the same action. */
export function actionServerAt(view: Pick<GraphView, 'serversOf' | 'endpointsOf'>, fqn: string): ActionServerChoice {
  return {
    servers: (service) => serversAt(view, fqn, service),
    isFrom: (publisher) => {
      for (const { gid } of view.endpointsOf(fqn)) if (gid === publisher) return true;
      return false;
    },
  };
}
