import { chown, readdir, stat } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { systemClock, systemFiles, systemRandom } from '@medkit/edges/node';
import { ConfigRefused, defaultConfigFile, type GatewayConfig, loadConfig, StartRefused } from '@medkit/gateway';
import {
  ACCOUNT_FILES,
  AccountsRefused,
  type FolderAccounts,
  type FolderGateway,
  openFolderAccounts,
} from '@medkit/gateway/folder-accounts';
import { ExitCode } from '../command/exit-code.ts';
import { CommandFailed } from '../command/failure.ts';
import { invocation } from '../command/invocation.ts';
import type { OptionValues } from '../command/parse-arguments.ts';
import { printError } from '../command/print-error.ts';
import { foldersOf } from '../gateway/read-config.ts';

/** Options that select the data folder. */
export const FOLDER_OPTIONS = { 'data-dir': { type: 'string' }, config: { type: 'string' } } as const;

export const FOLDER_OPTION_LINES = [
  ['--data-dir <folder>', 'data folder of the gateway (default: the folder that `up` uses)'],
  ['--config <file>', 'configuration file of the gateway, which names the data folder'],
] as const;

/** Opens the accounts of a data folder, runs `work`, and returns its result with the gateway that uses the folder. */
export async function withFolderAccounts<T>(
  values: OptionValues,
  work: (known: FolderAccounts) => Promise<T>,
): Promise<{ readonly result: T; readonly gateway: FolderGateway | undefined; readonly folder: string }> {
  const config = await folderConfig(values);
  const folder = config.data_dir;
  let known: FolderAccounts | undefined;
  try {
    known = await openFolderAccounts({
      config,
      files: systemFiles,
      clock: systemClock,
      random: systemRandom,
      hostName: hostname(),
      log: (level, message) => printError(`${level}: ${message}`),
    });
    return { result: await work(known), gateway: known.gateway, folder };
  } catch (error) {
    if (error instanceof StartRefused) throw new CommandFailed(error.message, ExitCode.configuration);
    if (error instanceof AccountsRefused) throw new CommandFailed(error.message, ExitCode.refused);
    throw error;
  } finally {
    await known?.close();
    await giveToOwner(folder);
  }
}

/** Has a running gateway reload its accounts with SIGHUP. Returns a sentence that says so, or what the user must do. */
export function reloadGateway({ owner, hasAccounts }: FolderGateway): string {
  const who = owner === undefined ? 'A gateway that uses this folder' : `The gateway (process ${owner.pid})`;
  if (!hasAccounts) return `${who} was started without accounts: restart it to require a login.`;
  if (owner === undefined || owner.host !== hostname()) {
    const where = owner === undefined ? '' : ` on ${owner.host}`;
    return `${who}${where} must reload its accounts: send it SIGHUP, or restart it.`;
  }
  try {
    process.kill(owner.pid, 'SIGHUP');
    return `${who} is reloading its accounts.`;
  } catch (error) {
    return `${who} could not be signalled (${(error as Error).message}): send it SIGHUP, or restart it.`;
  }
}

/**
 * Loads the configuration as `up` does. Sets `insecure`: a configuration without any user, which `up` rejects, must load here,
 * because the commands of accounts create the first user.
 */
export async function folderConfig(values: OptionValues): Promise<GatewayConfig> {
  const folders = foldersOf(process.env);
  const flags = { 'data-dir': values['data-dir'], config: values.config, insecure: true };
  try {
    const defaultFile = defaultConfigFile(folders);
    return (await loadConfig({ files: systemFiles, folders, flags, defaultFile })).config;
  } catch (error) {
    if (error instanceof ConfigRefused) throw new CommandFailed(error.message, ExitCode.configuration);
    throw error;
  }
}

/**
 * Changes the owner of the files that `belongs` names to the owner of the folder. Root may run a command for the user of
 * a service.
 */
export async function giveToOwner(folder: string, belongs = ACCOUNT_FILES): Promise<void> {
  if (process.getuid?.() !== 0) return;
  const { uid, gid } = await stat(folder);
  if (uid === 0) return;
  const names = (await readdir(folder)).filter((name) => belongs.test(name));
  await Promise.all(names.map((name) => chown(join(folder, name), uid, gid)));
}

/** The command that resets the password of an admin. */
export const resetCommand = (): string => `${invocation(process.env)} auth reset-admin`;
