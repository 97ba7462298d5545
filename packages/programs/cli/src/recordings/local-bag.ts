import type { BagReader } from '@medkit/gateway/bag';
import { CommandFailed } from '../command/failure.ts';

/** Opens a local recording. Throws `CommandFailed` with the problem of the file. */
export async function openLocalBag(path: string): Promise<BagReader> {
  const { BagUnreadable, openBag } = await import('@medkit/gateway/bag');
  try {
    return await openBag(path);
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') throw new CommandFailed(`cannot read ${path}: no such file or folder`);
    if (code === 'EACCES') throw new CommandFailed(`cannot read ${path}: permission denied`);
    if (error instanceof BagUnreadable) throw new CommandFailed(`cannot read ${path}: ${message}`);
    if (code !== undefined) throw new CommandFailed(`cannot read ${path}: ${message}`);
    throw error;
  }
}

/** `12.3 s`: duration between two times in nanoseconds. */
export function formatDurationNs(fromNs: bigint, toNs: bigint): string {
  return `${(Number(toNs - fromNs) / 1e9).toFixed(1)} s`;
}
