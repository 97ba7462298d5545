import { resolve } from 'node:path';
import { ACCOUNT_TABLES, GRANT_TABLES } from '@medkit/accounts';
import type { Log } from '@medkit/core';
import type { Clock } from '@medkit/edges';
import { type Migrations, openStore, type Store } from '@medkit/store';
import type { GatewayConfig } from '../config/index.ts';
import type { HubDatabase } from '../database/hub-database.ts';

/** The tables of the database of accounts, by owner. */
export const ACCOUNT_MIGRATIONS: Migrations = { accounts: ACCOUNT_TABLES, account_grants: GRANT_TABLES };

interface Options {
  readonly config: Pick<GatewayConfig, 'data_dir'>;
  /** Contains the accounts, if the gateway is a hub on PostgreSQL. */
  readonly hubDatabase?: Pick<HubDatabase, 'open'> | undefined;
  readonly clock: Clock;
  readonly log: Log;
}

/**
 * Opens the database of accounts. It is separate, so that copies of diagnostic data contain no secrets. Throws a
 * `StoreError`.
 */
export async function openAccountStore({ config, hubDatabase, clock, log }: Options): Promise<Store> {
  const migrations = ACCOUNT_MIGRATIONS;
  if (hubDatabase) return hubDatabase.open('accounts', { migrations });
  const warn = (message: string) => log('warn', message);
  return openStore({ path: resolve(config.data_dir, 'auth.db'), migrations, clock, warn });
}
