import { constants } from 'node:fs';
import { open, readdir, readFile, readlink, realpath, stat } from 'node:fs/promises';
import type { FileStates, Files, Links } from '../files.ts';

/** Whether the system says that there is nothing of that name. */
export function isMissing(error: unknown): boolean {
  const code = (error as NodeJS.ErrnoException).code;
  return code === 'ENOENT' || code === 'ENOTDIR';
}

/** The machine's file system. */
export const systemFiles: Files = {
  async readText(path, { regularOnly = false } = {}) {
    try {
      return regularOnly ? await readRegularFile(path) : await readFile(path, 'utf8');
    } catch (error) {
      if (isMissing(error)) return undefined;
      throw error;
    }
  },
  async list(path) {
    try {
      const entries = await readdir(path, { withFileTypes: true });
      return entries
        .map((entry) => ({ name: entry.name, isDirectory: entry.isDirectory() }))
        .sort((a, b) => (a.name < b.name ? -1 : 1));
    } catch (error) {
      if (isMissing(error)) return [];
      throw error;
    }
  },
};

/** Opened without waiting for the other end of a pipe, and looked at before it is read: its name may mean another by then. */
async function readRegularFile(path: string): Promise<string> {
  await using file = await open(path, constants.O_RDONLY | constants.O_NONBLOCK);
  if (!(await file.stat()).isFile()) throw new Error(`${path} is no regular file`);
  return file.readFile('utf8');
}

/** The links of the machine's file system. */
export const systemLinks: Links = {
  async readLink(path) {
    try {
      return await readlink(path);
    } catch (error) {
      if (isMissing(error) || (error as NodeJS.ErrnoException).code === 'EINVAL') return undefined;
      throw error;
    }
  },
};

/** What the machine's file system tells of files. */
export const systemFileStates: FileStates = {
  async stateOf(path) {
    try {
      const [real, facts] = await Promise.all([realpath(path), stat(path)]);
      return { path: real, isFile: facts.isFile(), bytes: facts.size, modifiedMs: facts.mtimeMs };
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code === 'ENOENT' || code === 'ENOTDIR') return undefined;
      throw error;
    }
  },
};
