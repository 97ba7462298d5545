/** In the order of their numbers in `action_msgs/msg/GoalStatus`. */
const STATUSES = ['unknown', 'accepted', 'executing', 'canceling', 'succeeded', 'canceled', 'aborted'] as const;

/** `action_msgs/msg/GoalStatus`. */
export type GoalStatus = (typeof STATUSES)[number];

/** What moves a goal on: `cancel-goal` comes from a client, the others from the server. */
export type GoalEvent = 'execute' | 'cancel-goal' | 'succeed' | 'abort' | 'canceled';

/** The state machine of rcl_action; a status that is not here has no way on. */
const TRANSITIONS: Readonly<Partial<Record<GoalStatus, Readonly<Partial<Record<GoalEvent, GoalStatus>>>>>> = {
  accepted: { execute: 'executing', 'cancel-goal': 'canceling' },
  executing: { 'cancel-goal': 'canceling', succeed: 'succeeded', abort: 'aborted' },
  canceling: { succeed: 'succeeded', abort: 'aborted', canceled: 'canceled' },
};

/** The status after `event`, `undefined` where a goal of this status does not take it. */
export function nextStatus(status: GoalStatus, event: GoalEvent): GoalStatus | undefined {
  return TRANSITIONS[status]?.[event];
}

/** Whether a goal of this status is still under way. */
export function isActive(status: GoalStatus): boolean {
  return TRANSITIONS[status] !== undefined;
}

/** The number of a status in messages. */
export function statusCode(status: GoalStatus): number {
  return STATUSES.indexOf(status);
}

/** The status with this number; `unknown` also for one that there is not. */
export function statusOfCode(code: number): GoalStatus {
  return STATUSES[code] ?? 'unknown';
}
