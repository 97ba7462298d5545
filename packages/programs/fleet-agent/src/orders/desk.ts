import type { ActionState, ActionStatus, RobotError } from '@medkit/vda5050';

/** Instant actions whose outcome is told; the oldest go first. A fleet control has some few at a time. */
export const MAX_ACTIONS = 32;

/** What was asked of the robot by its fleet control, and became of it. */
export interface Desk {
  /** Of the newest order, which was refused. */
  readonly orderError?: RobotError;
  /** Of the newest message with instant actions, one each at most. */
  readonly actionErrors: readonly RobotError[];
  /** The oldest first. */
  readonly actions: readonly ActionState[];
}

export const EMPTY_DESK: Desk = { actionErrors: [], actions: [] };

/** What of it is wrong with the robot as a fleet control sees it. */
export const refusalsOf = ({ orderError, actionErrors }: Desk): readonly RobotError[] =>
  orderError ? [orderError, ...actionErrors] : actionErrors;

/** Says how far an action is; one that was put away meanwhile stays away. */
export function withStatus(desk: Desk, actionId: string, status: ActionStatus, result?: string): Desk {
  const actions = desk.actions.map((action) =>
    action.actionId === actionId ? { ...action, status, ...(result !== undefined && { result }) } : action,
  );
  return { ...desk, actions };
}
