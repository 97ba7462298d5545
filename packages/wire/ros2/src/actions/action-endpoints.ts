import type { QosProfile } from '../graph.ts';
import { DEFAULT_PROFILE } from '../qos/profiles.ts';

/** Separates an action's name from those of its parts. The `_` hides them in the lists of ROS tools. */
export const ACTION_INFIX = '/_action/';

/** rcl_action_qos_profile_status_default: late subscribers also receive the active goals. */
const STATUS_PROFILE: QosProfile = { ...DEFAULT_PROFILE, durability: 'transient_local', depth: 1 };

export interface ActionService {
  readonly name: string;
  readonly type: string;
}

export interface ActionTopic extends ActionService {
  readonly qos: QosProfile;
}

/** The services and topics of an action. */
export interface ActionEndpoints {
  readonly sendGoal: ActionService;
  readonly cancelGoal: ActionService;
  readonly getResult: ActionService;
  readonly feedback: ActionTopic;
  readonly status: ActionTopic;
}

/**
 * Returns names, types and QoS of the parts of `action` (its full name) of `type` (`nav2_msgs/action/NavigateToPose`).
 */
export function actionEndpoints(action: string, type: string): ActionEndpoints {
  const name = (end: string): string => `${action}${ACTION_INFIX}${end}`;
  return {
    sendGoal: { name: name('send_goal'), type: `${type}_SendGoal` },
    cancelGoal: { name: name('cancel_goal'), type: 'action_msgs/srv/CancelGoal' },
    getResult: { name: name('get_result'), type: `${type}_GetResult` },
    feedback: { name: name('feedback'), type: `${type}_FeedbackMessage`, qos: DEFAULT_PROFILE },
    status: { name: name('status'), type: 'action_msgs/msg/GoalStatusArray', qos: STATUS_PROFILE },
  };
}
