import { homedir } from 'node:os';
import { blankProcessSecrets, systemFiles } from '@medkit/edges/node';
import {
  ConfigRefused,
  type Environment,
  type FlagValues,
  type LoadedConfig,
  loadConfig,
  secretPrefixes,
} from '@medkit/gateway';
import { ExitCode } from '../command/exit-code.ts';
import { CommandFailed } from '../command/failure.ts';
import { printError } from '../command/print-error.ts';

export interface ConfigRequest {
  readonly environment: Environment;
  readonly flags: FlagValues;
  /** Read if it exists and no other file is named. */
  readonly defaultFile?: string;
}

/** Folders in which the configuration looks for files. */
export function foldersOf(environment: Environment) {
  return { environment, home: homedir(), working: process.cwd() };
}

/** Loads the configuration and prints its notices. Throws `CommandFailed` if it is invalid. */
export async function readConfig({ environment, flags, defaultFile }: ConfigRequest): Promise<LoadedConfig> {
  const folders = foldersOf(environment);
  try {
    const loaded = await loadConfig({ files: systemFiles, folders, flags, defaultFile });
    for (const { level, text } of loaded.notices) printError(`${level}: ${text}`);
    await forgetSecrets();
    return loaded;
  } catch (error) {
    if (error instanceof ConfigRefused) throw new CommandFailed(error.message, ExitCode.configuration);
    throw error;
  }
}

/** Removes secrets from environment and command line, because scripts of this process could read them. */
async function forgetSecrets(): Promise<void> {
  const beginnings = secretPrefixes();
  const isSecret = (word: string) => beginnings.some((beginning) => word.startsWith(beginning));
  const variables = Object.keys(process.env).filter((name) => isSecret(`${name}=`));
  if (variables.length === 0 && !process.argv.some(isSecret)) return;
  const isBlank = await blankProcessSecrets(beginnings);
  for (const name of variables) delete process.env[name];
  if (!isBlank)
    printError(
      'warning: other programs of this user can read the secrets from the command line or environment of medkit in /proc',
    );
}
