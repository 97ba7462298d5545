import { constants, open } from 'node:fs/promises';
import type { WritableFiles } from '../writable-files.ts';

/** What is recorded is for its owner's eyes, until the owner sends it to somebody. */
const OWNER_ONLY = 0o600;

/** Writing to the machine's file system. */
export const systemWritableFiles: WritableFiles = {
  async create(path, bytes) {
    await using file = await open(path, 'w', OWNER_ONLY);
    await file.writeFile(bytes);
  },
  async append(path, bytes) {
    await using file = await open(path, constants.O_WRONLY | constants.O_APPEND);
    await file.writeFile(bytes);
  },
};
