import { realpath, stat } from 'node:fs/promises';
import type { FileStates } from '../file-states.ts';

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
