/** Replays triggers over recorded values. Nothing of a running gateway loads it. */
export { observation } from '../observation.ts';
export { type FiringRecord, MAX_FIRINGS, replayTrigger, type TriggerReplay } from './replay-trigger.ts';
export { replayProblem, triedTrigger } from './tried-trigger.ts';
