import { constants, lstat, open, rename } from 'node:fs/promises';
import type { WritableFiles } from '../stored-files.ts';

/** What is recorded is for its owner's eyes, until the owner sends it to somebody. */
const OWNER_ONLY = 0o600;

/** Moves a file out of the way; not a device, a pipe or a link, which are meant to be written to. */
async function keepOld(path: string): Promise<void> {
  try {
    if ((await lstat(path)).isFile()) await rename(path, `${path}.old`);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  }
}

/** Writing to the machine's file system. */
export const systemWritableFiles: WritableFiles = {
  async create(path, bytes) {
    await keepOld(path);
    await using file = await open(path, 'w', OWNER_ONLY);
    await file.writeFile(bytes);
  },
  async append(path, bytes) {
    await using file = await open(path, constants.O_WRONLY | constants.O_APPEND);
    await file.writeFile(bytes);
  },
};
