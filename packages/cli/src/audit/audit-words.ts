import { resolve } from 'node:path';
import { systemFiles } from '@medkit/edges/node';
import { auditPlace, defaultConfigFile } from '@medkit/gateway';
import { ExitCode } from '../command/exit-code.ts';
import { CommandFailed } from '../command/failure.ts';
import { expectNoWords, type OptionValues } from '../command/parse-words.ts';
import { foldersOf, readConfig } from '../gateway/read-config.ts';

/** The options that say whose audit log is meant. */
export const LOG_OPTIONS = { 'data-dir': { type: 'string' }, config: { type: 'string' } } as const;

/** What the options are, for help texts. */
export const LOG_OPTION_LINES = [
  ['--data-dir <folder>', "folder of the gateway's data, where the log is unless the configuration names another"],
  ['--config <file>', 'configuration of the gateway'],
] as const;

/** The configuration that the options name. */
export async function configured(flags: OptionValues) {
  const environment = process.env;
  const { config } = await readConfig({ environment, flags, defaultFile: defaultConfigFile(foldersOf(environment)) });
  return config;
}

/** The file of the audit log: the one that is named, or that of the configuration. */
export async function auditLogFile(words: readonly string[], flags: OptionValues): Promise<string> {
  const [file, ...others] = words;
  expectNoWords(others);
  if (file === undefined) return (await auditPlace(await configured(flags), systemFiles)).path;
  if (Object.values(flags).some((value) => value !== undefined)) {
    throw new CommandFailed('a file is looked at as it is: leave --data-dir and --config out', ExitCode.usage);
  }
  return resolve(file);
}
