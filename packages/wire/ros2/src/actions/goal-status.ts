/** In the order of their numbers in `action_msgs/msg/GoalStatus`. */
const STATUSES = ['unknown', 'accepted', 'executing', 'canceling', 'succeeded', 'canceled', 'aborted'] as const;

/** `action_msgs/msg/GoalStatus`. */
export type GoalStatus = (typeof STATUSES)[number];

/** Events that change a goal's status. A client sends `cancel-goal`, the server all others. */
export type GoalEvent = 'execute' | 'cancel-goal' | 'succeed' | 'abort' | 'canceled';

/** The state machine of rcl_action. A status that is missing here is final. */
const TRANSITIONS: Readonly<Partial<Record<GoalStatus, Readonly<Partial<Record<GoalEvent, GoalStatus>>>>>> = {
  accepted: { execute: 'executing', 'cancel-goal': 'canceling' },
  executing: { 'cancel-goal': 'canceling', succeed: 'succeeded', abort: 'aborted' },
  canceling: { succeed: 'succeeded', abort: 'aborted', canceled: 'canceled' },
};

/** Returns the status after `event`, or `undefined` if the event is not allowed in this status. */
export function nextStatus(status: GoalStatus, event: GoalEvent): GoalStatus | undefined {
  return TRANSITIONS[status]?.[event];
}

/** Returns whether a goal with this status is active. */
export function isActive(status: GoalStatus): boolean {
  return TRANSITIONS[status] !== undefined;
}

/** Returns the number of a status in messages. */
export function statusCode(status: GoalStatus): number {
  return STATUSES.indexOf(status);
}

/** Returns the status with this number. Unknown numbers give `unknown`. */
export function statusOfCode(code: number): GoalStatus {
  return STATUSES[code] ?? 'unknown';
}
