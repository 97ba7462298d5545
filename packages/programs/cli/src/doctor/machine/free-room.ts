import { statfs } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { MachineFacts } from './machine-facts.ts';

/** The room of the file system that a folder is on, or will be on; `undefined` where the system does not say. */
export async function freeRoom(folder: string): Promise<MachineFacts['disk']> {
  try {
    const { bavail, bsize } = await statfs(folder);
    return { folder, freeBytes: bavail * bsize };
  } catch (error) {
    const above = dirname(folder);
    return (error as NodeJS.ErrnoException).code === 'ENOENT' && above !== folder ? freeRoom(above) : undefined;
  }
}
