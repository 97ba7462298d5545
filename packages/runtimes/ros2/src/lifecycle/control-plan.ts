import { LIFECYCLE_ACTIONS, type LifecycleAction } from '@medkit/contract';
import type { LifecycleStateLabel, LifecycleTransition } from '@medkit/ros2';

/** A primary state that an action aims for. */
export type Goal = 'unconfigured' | 'active' | 'finalized';

/** SOVD actions for a managed node: the states to pass through, in order. */
const GOALS: Readonly<Record<LifecycleAction, readonly Goal[]>> = {
  start: ['active'],
  restart: ['unconfigured', 'active'],
  'force-restart': ['unconfigured', 'active'],
  shutdown: ['unconfigured'],
  'force-shutdown': ['finalized'],
};

type Steps = { readonly [State in LifecycleStateLabel]?: LifecycleTransition };

const STEPS: Readonly<Record<Goal, Steps>> = {
  unconfigured: { active: 'deactivate', inactive: 'cleanup' },
  active: { unconfigured: 'configure', inactive: 'activate' },
  finalized: { unconfigured: 'shutdown', inactive: 'shutdown', active: 'shutdown' },
};

/** The state that a transition leads to if it succeeds. */
export const END: Readonly<Record<LifecycleTransition, LifecycleStateLabel>> = {
  configure: 'inactive',
  activate: 'active',
  deactivate: 'inactive',
  cleanup: 'unconfigured',
  shutdown: 'finalized',
};

/** Returns whether the state is a primary state: no transition is running. */
export function isSettled(state: LifecycleStateLabel): boolean {
  return state === 'unconfigured' || state === 'inactive' || state === 'active' || state === 'finalized';
}

export function goalsOf(action: LifecycleAction): readonly Goal[] {
  return GOALS[action];
}

/** Returns the next transition towards `goal`; `undefined` if no path leads from this state. */
export function nextStep(goal: Goal, state: LifecycleStateLabel): LifecycleTransition | undefined {
  return STEPS[goal][state];
}

/** Returns why an action is not possible in this state; `undefined` if it is. */
export function refusal(action: LifecycleAction, state: LifecycleStateLabel): string | undefined {
  switch (state) {
    case 'unconfigured':
    case 'inactive':
    case 'active':
      return GOALS[action][0] === state && GOALS[action].length === 1 ? `it is already ${state}` : undefined;
    case 'finalized':
      return 'it is finalized: restart its process to use it again';
    case 'unknown':
      return 'it does not know its own state';
    default:
      return `a transition is in progress: it is ${state}`;
  }
}

/** Returns the actions that are possible in this state. */
export function possibleActions(state: LifecycleStateLabel): readonly LifecycleAction[] {
  return LIFECYCLE_ACTIONS.filter((action) => refusal(action, state) === undefined);
}
