import { SovdError } from '@medkit/contract';
import type { CancelOutcome } from '@medkit/ros2';

type CancelRefusal = Exclude<CancelOutcome, 'accepted'>;

/** Why a server does not cancel a goal, with the return codes of `action_msgs/srv/CancelGoal`. */
const REFUSALS: Readonly<Record<CancelRefusal, { readonly return_code: number; readonly details: string }>> = {
  rejected: { return_code: 1, details: 'the action server refused to cancel the goal' },
  'unknown-goal': { return_code: 2, details: 'the action server does not know the goal' },
  terminated: { return_code: 3, details: 'the goal has already ended' },
};

/** Returns the error for a refused cancellation. */
export function cancelRefused(outcome: CancelRefusal): SovdError {
  const parameters = REFUSALS[outcome];
  const message = `Cancel rejected: ${parameters.details}`;
  return new SovdError({ code: 'x-medkit-ros2-action-rejected', message, parameters });
}
