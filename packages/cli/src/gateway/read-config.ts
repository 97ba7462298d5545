import { homedir } from 'node:os';
import { systemFiles } from '@medkit/edges/node';
import { ConfigRefused, type Environment, type FlagValues, type LoadedConfig, loadConfig } from '@medkit/gateway';
import { complain } from '../command/complain.ts';
import { ExitCode } from '../command/exit-code.ts';
import { CommandFailed } from '../command/failure.ts';

export interface ConfigRequest {
  readonly environment: Environment;
  readonly flags: FlagValues;
  /** Read if it exists and none is named. */
  readonly defaultFile?: string;
}

/** Where the configuration looks for files. */
export function foldersOf(environment: Environment) {
  return { environment, home: homedir(), working: process.cwd() };
}

/** Loads the configuration and prints what there is to say about it. Throws `CommandFailed` where it is refused. */
export async function readConfig({ environment, flags, defaultFile }: ConfigRequest): Promise<LoadedConfig> {
  const folders = foldersOf(environment);
  try {
    const loaded = await loadConfig({ files: systemFiles, folders, flags, defaultFile });
    for (const { level, text } of loaded.notices) complain(`${level}: ${text}`);
    return loaded;
  } catch (error) {
    if (error instanceof ConfigRefused) throw new CommandFailed(error.message, ExitCode.configuration);
    throw error;
  }
}
