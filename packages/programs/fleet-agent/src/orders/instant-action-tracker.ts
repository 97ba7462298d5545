import type { ActionState, ActionStatus, RobotError } from '@medkit/vda5050';

/** Maximum number of stored instant actions; the oldest are dropped. A fleet control uses only a few at a time. */
export const MAX_ACTIONS = 32;

/** Requests of fleet control and their results. */
export interface InstantActionTracker {
  /** Error of the newest order, which was rejected. */
  readonly orderError?: RobotError;
  /** Errors of the newest message with instant actions, at most one per action. */
  readonly actionErrors: readonly RobotError[];
  /** Oldest first. */
  readonly actions: readonly ActionState[];
}

export const EMPTY_TRACKER: InstantActionTracker = { actionErrors: [], actions: [] };

/** Returns the rejections as errors of the robot. */
export const refusalsOf = ({ orderError, actionErrors }: InstantActionTracker): readonly RobotError[] =>
  orderError ? [orderError, ...actionErrors] : actionErrors;

/** Sets the status of an action. Ignores an action that was dropped in the meantime. */
export function withStatus(
  tracker: InstantActionTracker,
  actionId: string,
  status: ActionStatus,
  result?: string,
): InstantActionTracker {
  const actions = tracker.actions.map((action) =>
    action.actionId === actionId ? { ...action, status, ...(result !== undefined && { result }) } : action,
  );
  return { ...tracker, actions };
}
