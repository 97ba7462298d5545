import { join } from 'node:path';
import type { Files, WritableFiles } from '@medkit/edges';
import { systemClock, systemFiles, systemWritableFiles } from '@medkit/edges/node';
import { type GatewayConfig, StartRefused } from '@medkit/gateway';
import { EnrolmentRefused, holderOf, UplinkFileBroken } from '@medkit/gateway/enrol';
import { giveToOwner } from '../auth/data-folder.ts';
import { ask, isInteractive } from '../command/ask.ts';
import { ExitCode } from '../command/exit-code.ts';
import { CommandFailed } from '../command/failure.ts';

/** Files of the uplink and of the lock in the data folder. */
const UPLINK_FILES = /^(?:uplink|gateway\.lock)(?:[./-]|$)/;
/** The files of this machine. */
export const files: Files & WritableFiles = { ...systemFiles, ...systemWritableFiles };

/** Asks a question. Throws `CommandFailed` if the user declines, or without a terminal. */
export async function expectYes(question: string): Promise<void> {
  if (!isInteractive()) {
    throw new CommandFailed('cannot ask without a terminal: to agree, pass --yes', ExitCode.usage);
  }
  const answer = await ask(question);
  if (!/^y(?:es)?$/i.test(answer.trim())) throw new CommandFailed('canceled: nothing was changed', ExitCode.cancelled);
}

/** Runs `work` with the data folder, which no gateway can start to use meanwhile. Its files keep their owner. */
export async function inFolder<T>(
  { data_dir: folder }: GatewayConfig,
  work: (isRunning: boolean) => Promise<T>,
): Promise<{ readonly result: T; readonly isRunning: boolean }> {
  await using opened = new AsyncDisposableStack();
  const isRunning = holderOf(folder, systemClock, opened) !== undefined;
  opened.defer(async () => {
    await giveToOwner(folder, UPLINK_FILES);
    const uplink = join(folder, 'uplink');
    if (!(await files.stateOf(uplink))) return;
    await giveToOwner(uplink, /./);
    for (const { name, isDirectory } of await files.list(uplink)) {
      if (isDirectory) await giveToOwner(join(uplink, name), /./);
    }
  });
  return { result: await work(isRunning), isRunning };
}

/** Runs `work`, and throws its failures as those of the command. */
export async function explained<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof EnrolmentRefused) throw new CommandFailed(error.message, ExitCode.refused);
    if (error instanceof UplinkFileBroken) throw new CommandFailed(error.message, ExitCode.configuration);
    if (error instanceof Error && error.name === 'UplinkFailed') {
      throw new CommandFailed(`${error.message}; then run the same command again`, ExitCode.noGateway);
    }
    throw error;
  }
}

/** Runs `work`, and throws the refusal of a setting as the failure of the command. */
export function refusing<T>(work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (error instanceof StartRefused) throw new CommandFailed(error.message, ExitCode.configuration);
    throw error;
  }
}
