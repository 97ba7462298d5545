import type { CallbackOutcome, LifecycleStateLabel, LifecycleTransition } from './lifecycle.ts';

/** `lifecycle_msgs/msg/TransitionDescription`: a transition between two states. */
export interface TransitionDescription {
  /** Its number in `lifecycle_msgs/msg/Transition`. */
  readonly id: number;
  /** `configure`, or `transition_success` and similar for the end of a transition. */
  readonly label: string;
  readonly start: LifecycleStateLabel;
  readonly goal: LifecycleStateLabel;
}

/** A transition that a client may request. */
export interface RequestedTransition extends TransitionDescription {
  readonly label: LifecycleTransition;
}

/** A requested transition, by number, label or both. */
export interface TransitionRequest {
  readonly id?: number;
  readonly label?: string;
}

/**
 * Transitions that clients may request (design.ros2.org, Managed nodes). Each leads to the state that runs its
 * callback.
 */
const REQUESTED: readonly RequestedTransition[] = [
  { id: 1, label: 'configure', start: 'unconfigured', goal: 'configuring' },
  { id: 2, label: 'cleanup', start: 'inactive', goal: 'cleaningup' },
  { id: 3, label: 'activate', start: 'inactive', goal: 'activating' },
  { id: 4, label: 'deactivate', start: 'active', goal: 'deactivating' },
  { id: 5, label: 'shutdown', start: 'unconfigured', goal: 'shuttingdown' },
  { id: 6, label: 'shutdown', start: 'inactive', goal: 'shuttingdown' },
  { id: 7, label: 'shutdown', start: 'active', goal: 'shuttingdown' },
];

/** Transitions after the callback of a transition state. A shutdown ends in `finalized` even if its callback fails. */
const ENDED: readonly TransitionDescription[] = [
  ...endings(10, 'configuring', { success: 'inactive', failure: 'unconfigured', error: 'errorprocessing' }),
  ...endings(20, 'cleaningup', { success: 'unconfigured', failure: 'inactive', error: 'errorprocessing' }),
  ...endings(30, 'activating', { success: 'active', failure: 'inactive', error: 'errorprocessing' }),
  ...endings(40, 'deactivating', { success: 'inactive', failure: 'active', error: 'errorprocessing' }),
  ...endings(50, 'shuttingdown', { success: 'finalized', failure: 'finalized', error: 'errorprocessing' }),
  ...endings(60, 'errorprocessing', { success: 'unconfigured', failure: 'finalized', error: 'finalized' }),
];

/** The complete state machine of managed nodes. */
export const TRANSITIONS: readonly TransitionDescription[] = [...REQUESTED, ...ENDED];

const byEnding = new Map(ENDED.map((transition) => [`${transition.start} ${transition.label}`, transition]));

/** Returns the transition that a request selects in a state. As in rcl, a label takes precedence over the number. */
export function requestedTransition(
  state: LifecycleStateLabel,
  { id, label = '' }: TransitionRequest,
): RequestedTransition | undefined {
  return REQUESTED.find(
    (transition) => transition.start === state && (label === '' ? transition.id === id : transition.label === label),
  );
}

/** Returns the transition after the callback of a state. Throws if the state runs no callback. */
export function endedTransition(state: LifecycleStateLabel, outcome: CallbackOutcome): TransitionDescription {
  const transition = byEnding.get(`${state} ${endingLabel(outcome)}`);
  if (!transition) throw new RangeError(`no callback runs in the state ${state}`);
  return transition;
}

/** Returns all transitions from a state. */
export function transitionsFrom(state: LifecycleStateLabel): readonly TransitionDescription[] {
  return TRANSITIONS.filter(({ start }) => start === state);
}

type Goals = Readonly<Record<CallbackOutcome, LifecycleStateLabel>>;

/**
 * Returns the transitions after a callback, which `lifecycle_msgs/msg/Transition` numbers consecutively from `firstId`.
 */
function endings(firstId: number, start: LifecycleStateLabel, goals: Goals): TransitionDescription[] {
  return (['success', 'failure', 'error'] as const).map((outcome, at) => ({
    id: firstId + at,
    label: endingLabel(outcome),
    start,
    goal: goals[outcome],
  }));
}

function endingLabel(outcome: CallbackOutcome): string {
  return `transition_${outcome}`;
}
