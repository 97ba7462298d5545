import { readlink } from 'node:fs/promises';
import type { Links } from '../links.ts';
import { isMissing } from './files.ts';

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
