import { dirname } from 'node:path';
import type { Clock, Files, FolderWatch, Timer, WatchFolder } from '@medkit/edges';

/** Tools that replace certificates write several files: after this time all of them are complete. */
const SETTLED_MS = 2000;

export interface WatchedFilesOptions {
  /** Absolute. */
  readonly paths: readonly string[];
  readonly files: Pick<Files, 'canonical'>;
  readonly watchFolder: WatchFolder;
  readonly clock: Clock;
  /** Called when the files changed and no further change followed for a while. */
  readonly onSettled: () => void;
}

/** Files that other programs replace. */
export interface WatchedFiles {
  /** Watches the current locations: links may point elsewhere than before, and a folder may have been replaced. */
  renew(): Promise<void>;
  close(): void;
}

/**
 * Watches the folders of files instead of the files: certbot and Kubernetes replace a link, which only the folder
 * reports. Watches both the folders of the links and those of their targets.
 */
export function watchFiles({ paths, files, watchFolder, clock, onSettled }: WatchedFilesOptions): WatchedFiles {
  let watches: readonly FolderWatch[] = [];
  let settling: Timer | undefined;
  let isClosed = false;
  const changed = (): void => {
    settling?.cancel();
    settling = clock.after(SETTLED_MS, onSettled);
  };
  const end = (): void => {
    for (const watch of watches) watch.close();
    watches = [];
  };
  return {
    renew: async () => {
      // The reader of the file reports why it cannot be found.
      const found = await Promise.all(paths.map((path) => files.canonical(path).catch(() => undefined)));
      if (isClosed) return;
      const folders = new Set([...paths, ...found.flatMap((path) => path ?? [])].map((path) => dirname(path)));
      end();
      watches = [...folders].flatMap((folder) => watchFolder(folder, changed) ?? []);
    },
    close: () => {
      isClosed = true;
      settling?.cancel();
      end();
    },
  };
}
