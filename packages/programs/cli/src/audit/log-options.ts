import { resolve } from 'node:path';
import { systemFiles } from '@medkit/edges/node';
import { ExitCode } from '../command/exit-code.ts';
import { CommandFailed } from '../command/failure.ts';
import { expectNoArguments, type OptionValues } from '../command/parse-arguments.ts';

/** Options that select an audit log. */
export const LOG_OPTIONS = { 'data-dir': { type: 'string' }, config: { type: 'string' } } as const;

/** Help for these options. */
export const LOG_OPTION_LINES = [
  ['--data-dir <folder>', 'data folder of the gateway, with the audit log (default: from the configuration)'],
  ['--config <file>', 'configuration file of the gateway (default: the file that `up` reads)'],
] as const;

/** Returns whether an option selects an audit log. */
export function selectsLog(flags: OptionValues): boolean {
  return Object.keys(LOG_OPTIONS).some((name) => flags[name] !== undefined);
}

/** Returns the path of the audit log: the named file, or the file from the configuration. */
export async function auditLogFile(args: readonly string[], flags: OptionValues): Promise<string> {
  const [file, ...others] = args;
  expectNoArguments(others);
  if (file === undefined) return configuredFile(flags);
  if (selectsLog(flags)) {
    throw new CommandFailed('the log file is already named: remove --data-dir and --config', ExitCode.usage);
  }
  return resolve(file);
}

async function configuredFile(flags: OptionValues): Promise<string> {
  const [{ auditLocation, defaultConfigFile }, { foldersOf, readConfig }] = await Promise.all([
    import('@medkit/gateway'),
    import('../gateway/read-config.ts'),
  ]);
  const environment = process.env;
  const { config } = await readConfig({ environment, flags, defaultFile: defaultConfigFile(foldersOf(environment)) });
  if (config.fleet.database !== 'sqlite') {
    throw new CommandFailed(
      'the audit log of this hub is in PostgreSQL (fleet.database): use --url to ask the hub',
      ExitCode.usage,
    );
  }
  return (await auditLocation(config, systemFiles)).path;
}
