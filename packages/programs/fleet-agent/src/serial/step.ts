import { claimingStep } from './claiming.ts';
import { listeningStep } from './listening.ts';
import { soleStep } from './sole.ts';
import type { Role, SerialEvent, SerialMoment, Standing, Step } from './standing.ts';
import { feed, listen, stays } from './transitions.ts';

type RoleStep = (standing: Standing, event: SerialEvent, moment: SerialMoment) => Step;

const STEPS: Readonly<Record<Role, RoleStep>> = {
  listening: listeningStep,
  claiming: claimingStep,
  sole: soleStep,
  feed: (standing) => stays(standing),
};

/** How an agent begins. With `feedWhy` it is not to speak, for this reason. */
export function begin(moment: SerialMoment, how: { readonly takesOver: boolean; readonly feedWhy?: string }): Step {
  const { takesOver, feedWhy } = how;
  const before: Standing = { role: 'feed', why: '', isAble: false, takesOver, resumes: false };
  return feedWhy === undefined ? listen(before, moment) : stays({ ...before, why: feedWhy });
}

/**
 * What becomes of a standing by an event, and what is to be done in this order. Two agents for one serial number, and an agent
 * beside a client of the robot's own, come to one that speaks at most.
 */
export function serialStep(standing: Standing, event: SerialEvent, moment: SerialMoment): Step {
  if (event.is === 'stopped') return feed(standing, 'stopped');
  if (event.is !== 'able') return STEPS[standing.role](standing, event, moment);
  const { isAble } = event;
  return isAble === standing.isAble ? stays(standing) : STEPS[standing.role]({ ...standing, isAble }, event, moment);
}
