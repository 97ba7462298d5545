import { claimingStep } from './claiming.ts';
import { exclusiveStep } from './exclusive-identity.ts';
import { listeningStep } from './listening.ts';
import type { Role, SerialEvent, SerialState, Step, StepContext } from './serial-state.ts';
import { leave, listen, stays, yieldTo } from './transitions.ts';
import { yieldingStep } from './yielding.ts';

type RoleStep = (standing: SerialState, event: SerialEvent, moment: StepContext) => Step;

const STEPS: Readonly<Record<Role, RoleStep>> = {
  listening: listeningStep,
  claiming: claimingStep,
  sole: exclusiveStep,
  feed: (standing, event, moment) => (standing.isYielding ? yieldingStep(standing, event, moment) : stays(standing)),
};

/** Initial state of an agent. */
export interface Beginning {
  readonly takesOver: boolean;
  /** Why it never publishes. */
  readonly feedReason?: string;
  /** Why an earlier process yielded to another client. */
  readonly cededReason?: string;
}

export function begin(moment: StepContext, { takesOver, feedReason, cededReason }: Beginning): Step {
  const before: SerialState = {
    role: 'feed',
    reason: '',
    isAvailable: false,
    isYielding: false,
    takesOver,
    resumes: false,
  };
  if (feedReason !== undefined) return stays({ ...before, reason: feedReason });
  return cededReason === undefined ? listen(before, moment) : yieldTo(before, cededReason);
}

/**
 * Returns the next standing after an event, with ordered actions. Of two agents for one serial number, or an agent and the
 * robot's own client, at most one publishes in the end.
 */
export function serialStep(standing: SerialState, event: SerialEvent, moment: StepContext): Step {
  if (event.is === 'stopped') return leave(standing, 'stopped');
  if (event.is !== 'able') return STEPS[standing.role](standing, event, moment);
  const { isAvailable } = event;
  return isAvailable === standing.isAvailable
    ? stays(standing)
    : STEPS[standing.role]({ ...standing, isAvailable }, event, moment);
}
