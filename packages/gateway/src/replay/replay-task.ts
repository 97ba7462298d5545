import type { TriedOutcome, TriedRules } from '@medkit/contract';
import { StoreError } from '@medkit/store';
import { type RecordFiles, readRecord } from './read-record.ts';
import { compareRules } from './replay-folder.ts';
import { type OutcomeSelection, triedOutcome } from './tried-outcome.ts';
import { type PlainRules, rulesOf, TriedRuleRefused, triedRules } from './tried-rules.ts';

/** A replay for a client, as plain data for a thread. */
export interface ReplayTask extends OutcomeSelection {
  readonly files: RecordFiles;
  readonly inUse: PlainRules;
  readonly tried: TriedRules;
}

/** The answer of the thread. */
export type ReplayAnswer =
  | { readonly outcome: Omit<TriedOutcome, 'not_evaluated'> }
  | { readonly refused: string; readonly parameter: string }
  | { readonly unavailable: string };

/** Maximum events of a replay for a client: about 250 MB of memory, and a few seconds on a robot. */
export const MAX_TRIED_EVENTS = 300_000;

/** Reads the changed rules and the record, and compares. Throws only for a defect of medkit. */
export async function runReplayTask(task: ReplayTask): Promise<ReplayAnswer> {
  const { files, inUse, tried, sinceMs } = task;
  try {
    const { rules, remarks } = triedRules(inUse, tried);
    const record = await readRecord(files, MAX_TRIED_EVENTS);
    const result = compareRules(record, rulesOf(inUse), rulesOf(rules), sinceMs);
    return { outcome: { ...triedOutcome(record, result, task), remarks: [...remarks] } };
  } catch (error) {
    if (error instanceof TriedRuleRefused) return { refused: error.message, parameter: error.parameter };
    if (error instanceof StoreError) return { unavailable: error.message };
    throw error;
  }
}
