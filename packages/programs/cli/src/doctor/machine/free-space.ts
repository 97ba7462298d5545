import { statfs } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { MachineFacts } from './machine-facts.ts';

/** Free space of the file system of a folder, or of its nearest existing parent. Returns `undefined` if unknown. */
export async function freeSpace(folder: string): Promise<MachineFacts['disk']> {
  try {
    const { bavail, bsize } = await statfs(folder);
    return { folder, freeBytes: bavail * bsize };
  } catch (error) {
    const above = dirname(folder);
    return (error as NodeJS.ErrnoException).code === 'ENOENT' && above !== folder ? freeSpace(above) : undefined;
  }
}
