/** Runs the record of a data folder through other rules. A running gateway loads it only in the thread of a replay. */
export type { Deviation } from './compare-with-record.ts';
export {
  difference,
  type FaultDifference,
  type IncidentDifference,
  type IncidentSummary,
  isSameOutcome,
  type NotificationDifference,
  type OutcomeDifference,
} from './outcome-difference.ts';
export { type FolderRecord, type RecordFiles, readRecord } from './read-record.ts';
export { compareRules, type ReplayResult } from './replay-folder.ts';
export { type AllRules, type Outcome, type ReplayRecord, replay } from './replay-outcome.ts';
export { isRefusedRule, type ReadRules, type RuleSources, readRules } from './replay-rules.ts';
