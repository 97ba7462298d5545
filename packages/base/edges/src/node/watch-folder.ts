import { watch } from 'node:fs';
import type { WatchFolder } from '../folder-watch.ts';

/** Watches a folder with the notification service of the system. */
export const watchSystemFolder: WatchFolder = (path, onChange) => {
  try {
    const watcher = watch(path, { persistent: false }, onChange);
    // For example, the folder was removed: that is a change, and the last one.
    watcher.on('error', onChange);
    return { close: () => watcher.close() };
  } catch (error) {
    // The folder does not exist, access is denied, or no watches are left (ENOENT, EACCES, ENOSPC).
    if ((error as NodeJS.ErrnoException).code !== undefined) return undefined;
    throw error;
  }
};
