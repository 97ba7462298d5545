import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DocumentRefused } from '@medkit/documents';
import type { ReadRules } from '@medkit/gateway/replay';
import type { NamedBag, TriggerRules } from '@medkit/gateway/replay-bags';
import { ExitCode } from '../command/exit-code.ts';
import { CommandFailed } from '../command/failure.ts';
import { printError } from '../command/print-error.ts';
import { openLocalBag } from '../recordings/local-bag.ts';
import type { progressLine } from '../terminal/progress-line.ts';
import { bagReplayJson, bagReplayLines, isSameReplay } from './bag-replay-lines.ts';

export interface BagTrial {
  /** Files, folders, or ids of recordings in the data folder. */
  readonly bags: readonly string[];
  /** Document of changed triggers and fault triggers. */
  readonly rulesFile: string | undefined;
  readonly changes: readonly string[];
  readonly inUse: ReadRules;
  readonly changed: ReadRules;
  /** Only differences within this time before the end of the recordings, milliseconds. */
  readonly sinceMs: number | undefined;
  readonly isJson: boolean;
  readonly progress: ReturnType<typeof progressLine>;
}

/** Runs recordings through rules, and prints the result. Throws `CommandFailed`. Returns the exit code. */
export async function tryOnBags(trial: BagTrial): Promise<ExitCode> {
  const { bags: names, rulesFile, changes, inUse, changed, sinceMs, isJson, progress } = trial;
  const { MAX_BAGS, readTriggerRules, replayBags, ReplayTooLong } = await import('@medkit/gateway/replay-bags');
  if (names.length > MAX_BAGS)
    throw new CommandFailed(`--bag: at most ${MAX_BAGS} recordings, found ${names.length}`, ExitCode.usage);
  const { BagUnreadable } = await import('@medkit/gateway/bag');
  const { damaged, ...stored } = await readTriggerRules(inUse.triggers);
  if (damaged > 0) printError(`warn: ${damaged} damaged rules of ${inUse.database.dataFolder} are left out`);
  const tried = rulesFile === undefined ? stored : await triedRules(stored, rulesFile);
  if (tried.triggers.size + tried.faultTriggers.size + stored.triggers.size + stored.faultTriggers.size === 0) {
    throw new CommandFailed(
      `${inUse.database.dataFolder} has no stored trigger or fault trigger: name the rules to try with --rules`,
      ExitCode.configuration,
    );
  }
  await using resources = new AsyncDisposableStack();
  const bags: NamedBag[] = [];
  for (const name of names) {
    progress.show(`Opening ${name}`);
    const recorded = join(inUse.recordings, name);
    const bag = await openLocalBag(!existsSync(name) && existsSync(recorded) ? recorded : name);
    resources.defer(() => bag.close());
    bags.push({ name, bag });
  }
  const endMs = Math.max(...bags.map(({ bag }) => Number(bag.endNs / 1_000_000n)));
  const settings = ({ triggers, rules }: ReadRules, values: TriggerRules) => ({
    values,
    pollMs: triggers.fault_triggers.poll_interval_ms,
    faults: rules,
  });
  try {
    const replayed = await replayBags(
      bags,
      settings(inUse, stored),
      settings(changed, tried),
      sinceMs === undefined ? 0 : endMs - sinceMs,
      progress.show,
    );
    progress.clear();
    const about = { bags: names, changes: rulesFile === undefined ? changes : [...changes, rulesFile] };
    if (isJson) console.log(bagReplayJson(replayed, about));
    else for (const line of bagReplayLines(replayed, about)) console.log(line);
    return isSameReplay(replayed) ? ExitCode.ok : ExitCode.different;
  } catch (error) {
    if (error instanceof BagUnreadable || error instanceof ReplayTooLong) throw new CommandFailed(error.message);
    throw error;
  }
}

async function triedRules(stored: TriggerRules, file: string): Promise<TriggerRules> {
  const { triedTriggerRules } = await import('@medkit/gateway/replay-bags');
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (error) {
    throw new CommandFailed(`--rules: cannot read ${file}: ${(error as Error).message}`, ExitCode.configuration);
  }
  try {
    return await triedTriggerRules(stored, text, file);
  } catch (error) {
    if (error instanceof DocumentRefused) throw new CommandFailed(error.message, ExitCode.configuration);
    throw error;
  }
}
