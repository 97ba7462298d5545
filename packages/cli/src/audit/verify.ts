import { resolve } from 'node:path';
import { systemFiles } from '@medkit/edges/node';
import { auditLogOf, defaultConfigFile, verifyAuditFile } from '@medkit/gateway';
import { columns } from '../command/columns.ts';
import type { CommandProgram } from '../command/command.ts';
import { ExitCode } from '../command/exit-code.ts';
import { CommandFailed } from '../command/failure.ts';
import { invocation } from '../command/invocation.ts';
import { expectNoWords, type OptionValues, parseWords } from '../command/parse-words.ts';
import { foldersOf, readConfig } from '../gateway/read-config.ts';
import { verdictLines } from './verdict-lines.ts';

async function configuredLog(flags: OptionValues): Promise<string> {
  const environment = process.env;
  const { config } = await readConfig({ environment, flags, defaultFile: defaultConfigFile(foldersOf(environment)) });
  return auditLogOf(config, systemFiles);
}

/** `medkit audit verify`: whether the audit log of faults is as it was written. */
export const verify: CommandProgram = {
  help: () =>
    [
      `${invocation(process.env)} audit verify [file] [options]`,
      '',
      'Walks the audit log of faults from its oldest record to its newest and says whether each is as it was written, in',
      'its place, and none is missing. The log is only read, also while a gateway writes to it. Without a file it is the one',
      `of the gateway's configuration. Ends with 0 where nothing is wrong, with ${ExitCode.auditBroken} where the log was tampered with, with ${ExitCode.failed} where`,
      'it cannot be read.',
      '',
      columns([
        [
          '--data-dir <folder>',
          "folder of the gateway's data, where the log is unless the configuration names another",
        ],
        ['--config <file>', 'configuration of the gateway'],
      ]),
    ].join('\n'),

  async run(words) {
    const { values, positionals } = await parseWords(words, {
      'data-dir': { type: 'string' },
      config: { type: 'string' },
    });
    const [file, ...others] = positionals;
    expectNoWords(others);
    if (file !== undefined && Object.keys(values).length > 0) {
      throw new CommandFailed('a file is looked at as it is: leave --data-dir and --config out', ExitCode.usage);
    }
    const path = file === undefined ? await configuredLog(values) : resolve(file);
    const verdict = verifyAuditFile(path);
    for (const line of verdictLines(path, verdict)) console.log(line);
    return verdict.intact ? ExitCode.ok : ExitCode.auditBroken;
  },
};
