import { dirname } from 'node:path';
import type { Clock, Files, FolderWatch, Timer, WatchFolder } from '@medkit/edges';

/** Who replaces certificates writes several files: by then all of them are there. */
const SETTLED_MS = 2000;

export interface WatchedFilesOptions {
  /** Absolute. */
  readonly paths: readonly string[];
  readonly files: Pick<Files, 'canonical'>;
  readonly watchFolder: WatchFolder;
  readonly clock: Clock;
  /** Something was changed where they are, and nothing any more for a while. */
  readonly onSettled: () => void;
}

/** Files that others replace. */
export interface WatchedFiles {
  /** Watches them where they are now: links may lead elsewhere than before, and a folder may be another one. */
  renew(): Promise<void>;
  close(): void;
}

/**
 * Watches the folders of files, not the files: certbot and Kubernetes let a link lead elsewhere, and the folder says so. Watched are
 * those in which the links stand, and those in which the files are in the end.
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
      // Why one cannot be found is told by who reads it.
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
