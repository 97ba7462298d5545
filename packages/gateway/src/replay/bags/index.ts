/** Runs recordings through triggers and fault triggers. Nothing of a running gateway loads it. */
export { ReplayTooLong } from '../replay-outcome.ts';
export type { FiringDifference } from './firing-difference.ts';
export { MAX_BAGS, type NamedBag } from './merge-bags.ts';
export { type BagReplay, type BagRules, type ReplayedRule, type RuleOutcome, replayBags } from './replay-bags.ts';
export { triedTriggerRules } from './tried-trigger-rules.ts';
export { readTriggerRules, type TriggerRules } from './trigger-rules.ts';
