import { basename, dirname } from 'node:path';
import type { Log } from '@medkit/core';
import type { Clock, Files } from '@medkit/edges';
import { type Migrations, openStore, type Store } from '@medkit/store';
import { LOCK_TABLES } from '../locks/lock-tables.ts';

/** The tables of everybody who keeps something in it, by owner. */
export const GATEWAY_TABLES: Migrations = { locks: LOCK_TABLES };

/** The one database of what clients have asked of the gateway. It is opened with its first use. */
export interface GatewayDatabase {
  /** Whether anything was ever kept: there is nothing to read otherwise, and no file is made for it. */
  exists(): Promise<boolean>;
  /** Throws what `openStore` throws, and tries anew with the next call. */
  store(): Promise<Store>;
  close(): Promise<void>;
}

export interface GatewayDatabaseOptions {
  /** Absolute. */
  readonly path: string;
  readonly files: Pick<Files, 'list'>;
  readonly clock: Clock;
  readonly log: Log;
}

export function gatewayDatabase({ path, files, clock, log }: GatewayDatabaseOptions): GatewayDatabase {
  let opening: Promise<Store> | undefined;
  const open = (): Promise<Store> => {
    const warn = (message: string) => log('warn', message);
    opening ??= openStore({ path, migrations: GATEWAY_TABLES, clock, warn }).catch((error: unknown) => {
      opening = undefined;
      throw error;
    });
    return opening;
  };
  return {
    exists: async () =>
      opening !== undefined || (await files.list(dirname(path))).some(({ name }) => name === basename(path)),
    store: open,
    close: async () => {
      const [opened] = await Promise.allSettled([opening]);
      if (opened.status === 'fulfilled') await opened.value?.close();
    },
  };
}
