import { claimingStep } from './claiming.ts';
import { listeningStep } from './listening.ts';
import { soleStep } from './sole.ts';
import type { Role, SerialEvent, SerialMoment, Standing, Step } from './standing.ts';
import { leave, listen, stays, yieldTo } from './transitions.ts';
import { yieldingStep } from './yielding.ts';

type RoleStep = (standing: Standing, event: SerialEvent, moment: SerialMoment) => Step;

const STEPS: Readonly<Record<Role, RoleStep>> = {
  listening: listeningStep,
  claiming: claimingStep,
  sole: soleStep,
  feed: (standing, event, moment) => (standing.isYielding ? yieldingStep(standing, event, moment) : stays(standing)),
};

/** How an agent begins. */
export interface Beginning {
  readonly takesOver: boolean;
  /** Why it never speaks. */
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
 * What becomes of a standing by an event, and what is to be done in this order. Two agents for one serial number, and an agent
 * beside a client of the robot's own, come to one that speaks at most.
 */
export function serialStep(standing: Standing, event: SerialEvent, moment: SerialMoment): Step {
  if (event.is === 'stopped') return leave(standing, 'stopped');
  if (event.is !== 'able') return STEPS[standing.role](standing, event, moment);
  const { isAble } = event;
  return isAble === standing.isAble ? stays(standing) : STEPS[standing.role]({ ...standing, isAble }, event, moment);
}
