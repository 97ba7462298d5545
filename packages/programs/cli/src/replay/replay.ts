import { systemFiles } from '@medkit/edges/node';
import type { CommandProgram } from '../command/command.ts';
import { durationSeconds } from '../command/duration.ts';
import { ExitCode } from '../command/exit-code.ts';
import { CommandFailed } from '../command/failure.ts';
import { helpText } from '../command/help-text.ts';
import { expectNoArguments, parseArguments } from '../command/parse-arguments.ts';
import { printError } from '../command/print-error.ts';
import { foldersOf } from '../gateway/read-config.ts';
import { progressLine } from '../terminal/progress-line.ts';
import { replayJson, replayLines } from './replay-lines.ts';

/** `medkit replay`: shows what changed rules would have done with the recorded reports. */
export const replay: CommandProgram = {
  help: () =>
    helpText({
      usage: 'replay --with <change>',
      about: [
        'Runs the recorded reports of a gateway through changed rules, and shows what would have been different: faults, incidents',
        'and notifications. Only reads the data folder, also while the gateway runs, and starts no network.',
        '',
        'A change is a parameter of the fault manager (confirmation_threshold=-3), a setting (notify.settle_ms=5000), or a file that',
        'replaces the configuration file or the parameter file. Evaluated are debounce, thresholds per entity, correlation, grouping',
        'into incidents and notifications.',
        '',
        'With --bag, the input is the messages of recordings instead of the reports. They run through the triggers and fault triggers',
        'of the data folder, and through those that --rules changes.',
        `Exit code: 0 if nothing would have been different, ${ExitCode.different} otherwise.`,
      ],
      options: [
        ['--with <change>', 'change to try, key=value or a file; can be repeated'],
        ['--bag <recording>', 'MCAP file, rosbag2 folder, or id of a recording in the data folder; can be repeated'],
        ['--rules <file>', 'changed triggers and fault triggers, YAML or JSON; needs --bag'],
        ['--since <duration>', 'only differences within this time before the end of the record, such as 30d'],
        ['--data-dir <folder>', 'data folder of the gateway (default: from the configuration)'],
        ['--config <file>', 'configuration in use (default: the file that `up` reads)'],
        ['--json', 'print the result as JSON'],
      ],
      examples: [
        ['replay --with confirmation_threshold=-3 --since 30d', 'confirm faults with the third report'],
        ['replay --with correlation.config_file=rules.yaml', 'try correlation rules'],
        ['replay --bag stop.mcap --rules tried.yaml', 'try triggers and fault triggers on a recording'],
      ],
    }),

  async run(args) {
    const { values, positionals } = await parseArguments(args, {
      with: { type: 'string', multiple: true },
      bag: { type: 'string', multiple: true },
      rules: { type: 'string' },
      since: { type: 'string' },
      'data-dir': { type: 'string' },
      config: { type: 'string' },
      json: { type: 'boolean' },
    });
    expectNoArguments(positionals);
    const changes = (values['with'] ?? []) as readonly string[];
    const bags = (values['bag'] ?? []) as readonly string[];
    if (bags.length === 0 && values['rules'] !== undefined)
      throw new CommandFailed('--rules needs the recordings to try the rules on: name them with --bag', ExitCode.usage);
    if (changes.length === 0 && bags.length === 0) {
      throw new CommandFailed(
        '--with is missing: name a change, such as --with confirmation_threshold=-3',
        ExitCode.usage,
      );
    }
    const { since } = values;
    const sinceMs = since === undefined ? undefined : durationSeconds('since', String(since)) * 1000;
    const [{ compareRules, isSameOutcome, readRecord }, { tryOnBags }] = await Promise.all([
      import('@medkit/gateway/replay'),
      import('./try-on-bags.ts'),
    ]);
    const progress = progressLine();
    try {
      const inUse = await rulesOf({ config: values['config'], 'data-dir': values['data-dir'] }, []);
      const changed = await rulesOf({ config: values['config'], 'data-dir': values['data-dir'] }, changes);
      if (bags.length > 0) {
        const rulesFile = values['rules'] === undefined ? undefined : String(values['rules']);
        const isJson = values['json'] === true;
        return await tryOnBags({ bags, rulesFile, changes, inUse, changed, sinceMs, isJson, progress });
      }
      progress.show('Reading the record');
      const record = await readRecord(inUse.database);
      const endMs = Number((record.events.at(-1)?.timeNs ?? 0n) / 1_000_000n);
      const result = compareRules(
        record,
        inUse.rules,
        changed.rules,
        sinceMs === undefined ? 0 : endMs - sinceMs,
        progress.show,
      );
      progress.clear();
      const about = { changes, folder: inUse.database.dataFolder };
      if (values['json'] === true) console.log(replayJson(record, result, about));
      else for (const line of replayLines(record, result, about)) console.log(line);
      return isSameOutcome(result.difference) ? ExitCode.ok : ExitCode.different;
    } finally {
      progress.clear();
    }
  },
};

/** Reads the rules in use, or the changed ones. Throws `CommandFailed` if they are invalid. */
async function rulesOf(flags: Readonly<Record<string, unknown>>, changes: readonly string[]) {
  const [{ readRules, isRefusedRule }, { defaultConfigFile }] = await Promise.all([
    import('@medkit/gateway/replay'),
    import('@medkit/gateway'),
  ]);
  const folders = foldersOf(process.env);
  try {
    const read = await readRules({
      files: systemFiles,
      folders,
      flags: flags as Record<string, string>,
      defaultFile: defaultConfigFile(folders),
      changes,
    });
    for (const { level, text } of read.notices) printError(`${level}: ${text}`);
    return read;
  } catch (error) {
    if (isRefusedRule(error)) throw new CommandFailed(error.message, ExitCode.configuration);
    throw error;
  }
}
