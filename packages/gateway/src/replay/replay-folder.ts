import { compareWithRecord, type Deviation } from './compare-with-record.ts';
import { difference, type OutcomeDifference } from './outcome-difference.ts';
import type { FolderRecord } from './read-record.ts';
import { type AllRules, type Outcome, replay } from './replay-outcome.ts';

/** What other rules would have changed in a record. */
export interface ReplayResult {
  readonly before: Outcome;
  readonly after: Outcome;
  readonly difference: OutcomeDifference;
  /** Where the replay with the rules in use differs from what the gateway stored. */
  readonly deviations: readonly Deviation[];
}

/** Runs a record through the rules in use and through changed ones. Pure, so that a route can call it too. */
export function compareRules(
  record: FolderRecord,
  inUse: AllRules,
  changed: AllRules,
  sinceMs: number,
  onProgress: (text: string) => void = () => undefined,
): ReplayResult {
  const count = record.events.length.toLocaleString('en');
  onProgress(`Running ${count} events through the rules in use`);
  const before = replay(record, inUse);
  onProgress(`Running ${count} events through the changed rules`);
  const after = replay(record, changed);
  const confirmsByAge = inUse.faults.configuration.auto_confirm_after_sec > 0;
  return {
    before,
    after,
    difference: difference(before, after, sinceMs),
    deviations: compareWithRecord(before.faults, record.occurrences, { confirmsByAge }),
  };
}
