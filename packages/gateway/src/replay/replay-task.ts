import type { TriedOutcome, TriedRules } from '@medkit/contract';
import { StoreError } from '@medkit/store';
import type { TriggerRules } from './bags/trigger-rules.ts';
import { type FolderRecord, type RecordFiles, readRecord } from './read-record.ts';
import { compareRules } from './replay-folder.ts';
import { ReplayTooLong } from './replay-outcome.ts';
import { type OutcomeSelection, type ReplayedInput, triedOutcome } from './tried-outcome.ts';
import { type PlainRules, rulesOf, TriedRuleRefused, triedRules } from './tried-rules.ts';

/** A replay for a client, as plain data for a thread. */
export interface ReplayTask extends OutcomeSelection {
  readonly files: RecordFiles;
  readonly inUse: PlainRules;
  /** The triggers and fault triggers in use; present if the request changes some. */
  readonly triggers?: TriggerRules;
  /** `fault_triggers.poll_interval_ms` */
  readonly pollMs: number;
  readonly tried: TriedRules;
}

/** The answer of the thread. */
export type ReplayAnswer =
  | { readonly outcome: Omit<TriedOutcome, 'not_evaluated'> }
  | { readonly refused: string; readonly parameter: string }
  | { readonly unavailable: string };

/** Maximum events of a replay for a client: about 250 MB of memory, and a few seconds on a robot. */
export const MAX_TRIED_EVENTS = 300_000;

/** Reads the changed rules and the record or the recordings, and compares. Throws only for a defect of medkit. */
export async function runReplayTask(task: ReplayTask): Promise<ReplayAnswer> {
  const { inUse, tried } = task;
  try {
    const { rules, remarks } = triedRules(inUse, tried);
    const outcome = await (tried.trigger_rules == null ? onRecord(task, rules) : onRecordings(task, rules));
    return { outcome: { ...outcome, remarks: [...remarks] } };
  } catch (error) {
    if (error instanceof TriedRuleRefused) return { refused: error.message, parameter: error.parameter };
    if (error instanceof ReplayTooLong) return { unavailable: error.message };
    if (error instanceof StoreError) return { unavailable: `Cannot read the recorded faults: ${error.message}` };
    throw error;
  }
}

async function onRecord(task: ReplayTask, rules: PlainRules) {
  const { files, inUse, sinceMs } = task;
  const record = await readRecord(files, MAX_TRIED_EVENTS);
  return triedOutcome(inputOf(record), compareRules(record, rulesOf(inUse), rulesOf(rules), sinceMs), task);
}

function inputOf({ events, damaged, isCut }: FolderRecord): ReplayedInput {
  const [first, last] = [events[0], events.at(-1)];
  return {
    count: events.length,
    ...(first && last && { fromNs: first.timeNs, toNs: last.timeNs }),
    damaged,
    isCut,
  };
}

async function onRecordings(task: ReplayTask, rules: PlainRules) {
  const { files, inUse, triggers, pollMs, tried, sinceMs } = task;
  const { tryOnStoredBags } = await import('./bags/try-on-stored-bags.ts');
  const { input, result, recordings } = await tryOnStoredBags({
    files,
    inUse: triggers ?? { triggers: new Map(), faultTriggers: new Map() },
    document: tried.trigger_rules ?? '',
    pollMs,
    faults: [rulesOf(inUse), rulesOf(rules)],
    sinceMs,
  });
  return { ...triedOutcome(input, result, task), recordings };
}
