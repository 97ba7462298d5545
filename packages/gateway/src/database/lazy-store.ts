import { basename, dirname } from 'node:path';
import type { Files } from '@medkit/edges';
import type { Store } from '@medkit/store';

/** A database that opens at its first use. */
export interface LazyStore {
  /** Returns whether the database exists: if not, there is nothing to read, and no file is created. */
  exists(): Promise<boolean>;
  /** Throws what `openStore` throws; the next call tries again. */
  store(): Promise<Store>;
  close(): Promise<void>;
}

/** The gateway's database for what clients create. */
export type GatewayDatabase = LazyStore;

/**
 * Returns the database in a file, which the first use creates.
 * @param path absolute
 */
export function lazyStore(path: string, files: Pick<Files, 'list'>, open: () => Promise<Store>): LazyStore {
  return openedOnce(open, async () => (await files.list(dirname(path))).some(({ name }) => name === basename(path)));
}

/** Returns a database on a server: it exists before its first use. */
export const serverStore = (open: () => Promise<Store>): LazyStore => openedOnce(open, async () => true);

function openedOnce(open: () => Promise<Store>, exists: () => Promise<boolean>): LazyStore {
  let opening: Promise<Store> | undefined;
  return {
    exists: async () => opening !== undefined || exists(),
    store: () => {
      opening ??= open().catch((error: unknown) => {
        opening = undefined;
        throw error;
      });
      return opening;
    },
    close: async () => {
      const [opened] = await Promise.allSettled([opening]);
      if (opened.status === 'fulfilled') await opened.value?.close();
    },
  };
}
