import { createReadStream } from 'node:fs';
import { mkdir, open, rename, rm, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { StoredFiles } from '../stored-files.ts';
import { isMissing } from './files.ts';

const OWNER_ONLY_FILE = 0o600;
const OWNER_ONLY_FOLDER = 0o700;
const CHUNK_BYTES = 64 * 1024;

/** Large files of the machine's file system. */
export const systemStoredFiles: StoredFiles = {
  async write(path, chunks) {
    await makeFolder(dirname(path));
    await using file = await open(path, 'wx', OWNER_ONLY_FILE);
    for await (const chunk of chunks) await file.writeFile(chunk);
    await file.sync();
  },
  read: (path, range) =>
    createReadStream(path, { highWaterMark: CHUNK_BYTES, ...(range && { start: range.first, end: range.last }) }),
  async stat(path) {
    try {
      const found = await stat(path);
      return { isFolder: found.isDirectory(), octets: found.size, modifiedMs: found.mtimeMs };
    } catch (error) {
      if (isMissing(error)) return undefined;
      throw error;
    }
  },
  async move(from, to) {
    await makeFolder(dirname(to));
    await rename(from, to);
    // A name is on disk when its folder is.
    await using folder = await open(dirname(to), 'r');
    await folder.sync();
  },
  remove: (path) => rm(path, { recursive: true, force: true }),
};

const makeFolder = (path: string) => mkdir(path, { recursive: true, mode: OWNER_ONLY_FOLDER });
