import type { GoalState } from './goal.ts';
import { NO_GOAL_ID } from './goal-id.ts';
import { nextStatus } from './goal-status.ts';

/** In the order of the return codes of `action_msgs/srv/CancelGoal`. */
const OUTCOMES = ['accepted', 'rejected', 'unknown-goal', 'terminated'] as const;

/**
 * What becomes of a wish to cancel. `rejected`, `unknown-goal` and `terminated` say why nothing is cancelled; rcl_action
 * says `terminated` of a goal that is on its way to be cancelled, too.
 */
export type CancelOutcome = (typeof OUTCOMES)[number];

/** Which goals a request means: one by id, those accepted up to a time, both, or all with neither. */
export interface CancelRequest {
  /** `NO_GOAL_ID` for none. */
  readonly goalId: string;
  /** Nanoseconds since the epoch, 0 for none. */
  readonly untilNs: bigint;
}

interface Chosen<Goal> {
  readonly outcome: CancelOutcome;
  readonly goals: readonly Goal[];
}

export function cancelCode(outcome: CancelOutcome): number {
  return OUTCOMES.indexOf(outcome);
}

/** The outcome with this return code; `rejected` also for one that there is not. */
export function cancelOutcomeOf(code: number): CancelOutcome {
  return OUTCOMES[code] ?? 'rejected';
}

/** The goals that a server should cancel by `request`, as rcl_action chooses them. */
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
  const isMeant = (goal: Goal): boolean => all || goal.acceptedNs <= untilNs || goal.goalId === goalId;
  // That none is left to cancel is no failure of a request that names none.
  return { outcome: 'accepted', goals: [...goals.values()].filter((goal) => isMeant(goal) && isCancelable(goal)) };
}

const isCancelable = ({ status }: GoalState): boolean => nextStatus(status, 'cancel-goal') !== undefined;
