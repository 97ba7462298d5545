import type { RosMessage } from '../types/message.ts';
import type { LifecycleStateLabel } from './lifecycle.ts';
import type { TransitionDescription, TransitionRequest } from './state-machine.ts';

export const CHANGE_STATE = 'lifecycle_msgs/srv/ChangeState';
export const GET_STATE = 'lifecycle_msgs/srv/GetState';
export const GET_AVAILABLE_STATES = 'lifecycle_msgs/srv/GetAvailableStates';
export const GET_AVAILABLE_TRANSITIONS = 'lifecycle_msgs/srv/GetAvailableTransitions';
export const TRANSITION_EVENT = 'lifecycle_msgs/msg/TransitionEvent';

/** The numbers of the states in `lifecycle_msgs/msg/State`. */
const STATE_IDS: Readonly<Record<LifecycleStateLabel, number>> = {
  unknown: 0,
  unconfigured: 1,
  inactive: 2,
  active: 3,
  finalized: 4,
  configuring: 10,
  cleaningup: 11,
  shuttingdown: 12,
  activating: 13,
  deactivating: 14,
  errorprocessing: 15,
};

export const ALL_STATES = Object.keys(STATE_IDS) as readonly LifecycleStateLabel[];

const byId = new Map(ALL_STATES.map((state) => [STATE_IDS[state], state]));

/** `lifecycle_msgs/msg/State`. */
export function encodeState(state: LifecycleStateLabel): RosMessage {
  return { id: STATE_IDS[state], label: state };
}

/** Returns the state in `field` of a message, `unknown` for a number that ROS does not define. */
export function decodeState(message: RosMessage, field: 'current_state' | 'goal_state'): LifecycleStateLabel {
  const { id } = message[field] as { readonly id: number };
  return byId.get(id) ?? 'unknown';
}

/** Returns the transition that a `ChangeState` request names. */
export function decodeRequest({ transition }: RosMessage): TransitionRequest {
  const { id, label } = transition as { readonly id: number; readonly label: string };
  return { id, label };
}

/** `lifecycle_msgs/msg/TransitionDescription`. */
export function encodeDescription({ id, label, start, goal }: TransitionDescription): RosMessage {
  return { transition: { id, label }, start_state: encodeState(start), goal_state: encodeState(goal) };
}

/** `lifecycle_msgs/msg/TransitionEvent`; nanoseconds since the epoch. */
export function encodeEvent(transition: TransitionDescription, timestamp: bigint): RosMessage {
  return { timestamp, ...encodeDescription(transition) };
}
