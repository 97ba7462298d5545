import { claimingStep } from './claiming.ts';
import { soleStep } from './exclusive-identity.ts';
import { listeningStep } from './listening.ts';
import type { Role, SerialEvent, SerialMoment, Standing, Step } from './serial-state.ts';
import { leave, listen, stays, yieldTo } from './transitions.ts';
import { yieldingStep } from './yielding.ts';

type RoleStep = (standing: Standing, event: SerialEvent, moment: SerialMoment) => Step;

const STEPS: Readonly<Record<Role, RoleStep>> = {
  listening: listeningStep,
  claiming: claimingStep,
  sole: soleStep,
  feed: (standing, event, moment) => (standing.isYielding ? yieldingStep(standing, event, moment) : stays(standing)),
};

/** Initial state of an agent. */
export interface Beginning {
  readonly takesOver: boolean;
  /** Why it never publishes. */
  readonly feedWhy?: string;
  /** Why an earlier process yielded to another client. */
  readonly cededWhy?: string;
}

export function begin(moment: SerialMoment, { takesOver, feedWhy, cededWhy }: Beginning): Step {
  const before: Standing = { role: 'feed', why: '', isAble: false, isYielding: false, takesOver, resumes: false };
  if (feedWhy !== undefined) return stays({ ...before, why: feedWhy });
  return cededWhy === undefined ? listen(before, moment) : yieldTo(before, cededWhy);
}

/**
 * Returns the next standing after an event, with ordered actions. Of two agents for one serial number, or an agent and the
 * robot's own client, at most one publishes in the end.
 */
export function serialStep(standing: Standing, event: SerialEvent, moment: SerialMoment): Step {
  if (event.is === 'stopped') return leave(standing, 'stopped');
  if (event.is !== 'able') return STEPS[standing.role](standing, event, moment);
  const { isAble } = event;
  return isAble === standing.isAble ? stays(standing) : STEPS[standing.role]({ ...standing, isAble }, event, moment);
}
