import type { GoalState } from './goal.ts';
import { NO_GOAL_ID } from './goal-id.ts';
import { nextStatus } from './goal-status.ts';

/** In the order of the return codes of `action_msgs/srv/CancelGoal`. */
const OUTCOMES = ['accepted', 'rejected', 'unknown-goal', 'terminated'] as const;

/**
 * Outcome of a cancel request. `rejected`, `unknown-goal` and `terminated` say why nothing is cancelled. rcl_action
 * also returns `terminated` for a goal that is already being cancelled.
 */
export type CancelOutcome = (typeof OUTCOMES)[number];

/** The goals that a request selects: one by id, those accepted up to a time, both, or all if neither is given. */
export interface CancelRequest {
  /** `NO_GOAL_ID` if none. */
  readonly goalId: string;
  /** Nanoseconds since the epoch, 0 if none. */
  readonly untilNs: bigint;
}

interface Chosen<Goal> {
  readonly outcome: CancelOutcome;
  readonly goals: readonly Goal[];
}

export function cancelCode(outcome: CancelOutcome): number {
  return OUTCOMES.indexOf(outcome);
}

/** Returns the outcome of a return code. Unknown codes count as `rejected`. */
export function cancelOutcomeOf(code: number): CancelOutcome {
  return OUTCOMES[code] ?? 'rejected';
}

/** Returns the goals that a server should cancel for `request`, chosen as in rcl_action. */
export function goalsToCancel<Goal extends GoalState>(
  { goalId, untilNs }: CancelRequest,
  goals: ReadonlyMap<string, Goal>,
): Chosen<Goal> {
  if (goalId !== NO_GOAL_ID && untilNs === 0n) {
    const goal = goals.get(goalId);
    if (!goal) return { outcome: 'unknown-goal', goals: [] };
    return isCancelable(goal) ? { outcome: 'accepted', goals: [goal] } : { outcome: 'terminated', goals: [] };
  }
  const all = goalId === NO_GOAL_ID && untilNs === 0n;
  const matches = (goal: Goal): boolean => all || goal.acceptedNs <= untilNs || goal.goalId === goalId;
  // A request without a goal id succeeds even if no goal is left to cancel.
  return { outcome: 'accepted', goals: [...goals.values()].filter((goal) => matches(goal) && isCancelable(goal)) };
}

const isCancelable = ({ status }: GoalState): boolean => nextStatus(status, 'cancel-goal') !== undefined;
