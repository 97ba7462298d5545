import type { RosEndpoint } from '../graph.ts';
import { parseTypeName } from '../names/type-names.ts';
import { ACTION_INFIX } from './action-endpoints.ts';

/** An action that a node offers. */
export interface OfferedAction {
  /** Full name: `/navigate_to_pose`. */
  readonly action: string;
  /** `nav2_msgs/action/NavigateToPose`. */
  readonly type: string;
}

const SEND_GOAL_NAME = `${ACTION_INFIX}send_goal`;
const SEND_GOAL_TYPE = '_SendGoal';

/** Returns the service that receives the goals of an action. It exists as long as the action's server. */
export function goalServiceOf(action: string): string {
  return `${action}${SEND_GOAL_NAME}`;
}

/** Returns whether a topic or service is only a part of an action, such as `/navigate_to_pose/_action/feedback`. */
export function isActionInternal(name: string): boolean {
  return name.includes(ACTION_INFIX);
}

/** Returns the actions that the owner of `endpoints` offers, sorted by name. Each is detected by its goal service. */
export function actionsIn(endpoints: Iterable<Pick<RosEndpoint, 'name' | 'role' | 'type'>>): readonly OfferedAction[] {
  const found = new Map<string, OfferedAction>();
  for (const { role, name, type } of endpoints) {
    if (role !== 'service' || !name.endsWith(SEND_GOAL_NAME) || !type.endsWith(SEND_GOAL_TYPE)) continue;
    const action = name.slice(0, -SEND_GOAL_NAME.length);
    const actionType = type.slice(0, -SEND_GOAL_TYPE.length);
    if (action === '' || parseTypeName(actionType)?.kind !== 'action') continue;
    found.set(action, { action, type: actionType });
  }
  return [...found.values()].sort((a, b) => (a.action < b.action ? -1 : 1));
}
