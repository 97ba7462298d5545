import { watch } from 'node:fs';
import type { WatchFolder } from '../folder-watch.ts';

/** As the system tells of it. */
export const watchSystemFolder: WatchFolder = (path, onChange) => {
  try {
    const watcher = watch(path, { persistent: false }, onChange);
    // The folder is gone, say: that is a change, and the last one.
    watcher.on('error', onChange);
    return { close: () => watcher.close() };
  } catch (error) {
    // No such folder, no right to it, or no watches left (ENOENT, EACCES, ENOSPC).
    if ((error as NodeJS.ErrnoException).code !== undefined) return undefined;
    throw error;
  }
};
