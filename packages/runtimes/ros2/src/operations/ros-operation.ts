import { actionsIn, isActionInternal } from '@medkit/ros2';
import type { OfferedService } from '../graph/graph-view.ts';

/** A service or an action that a node offers. */
export interface RosOperation {
  readonly kind: 'service' | 'action';
  /** Full name: `/lidar_driver/reset`, `/navigate_to_pose`. */
  readonly name: string;
  /** `std_srvs/srv/Trigger`, `nav2_msgs/action/NavigateToPose`. */
  readonly type: string;
  /** FQN of the requested node, if other nodes offer the same name. */
  readonly sharedBy?: string;
}

/**
 * Services that implement other resources: parameters (configurations), lifecycle (status), faults, and type
 * definitions. Recognized by their types, so that a user's service is an operation whatever its name.
 */
const PLUMBING = new RegExp(
  [
    '^rcl_interfaces/srv/(?:(?:Get|Set|List|Describe)Parameters|GetParameterTypes|SetParametersAtomically)$',
    '^type_description_interfaces/srv/GetTypeDescription$',
    '^lifecycle_msgs/srv/',
    '^ros2_medkit_msgs/srv/(?:ReportFault|ClearFault)$',
  ].join('|'),
);

/** Returns the operations among the services of a node, by full name. A service hides an action of the same name. */
export function operationsAmong(services: ReadonlyMap<string, OfferedService>): ReadonlyMap<string, RosOperation> {
  const operations = new Map<string, RosOperation>();
  for (const { name, type } of services.values()) {
    if (isActionInternal(name) || PLUMBING.test(type)) continue;
    operations.set(name, { kind: 'service', name, type });
  }
  for (const { action: name, type } of actionsIn(services.values())) {
    if (!operations.has(name)) operations.set(name, { kind: 'action', name, type });
  }
  return operations;
}
