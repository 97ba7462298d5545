import { join } from 'node:path';
import * as accounts from '@medkit/accounts';
import type { Log } from '@medkit/core';
import type { Clock, Files, Random } from '@medkit/edges';
import type { LockOwner } from '@medkit/store';
import type { GatewayConfig } from '../config/gateway-config.ts';
import { configuredHubDatabase } from '../database/configured-hub-database.ts';
import { holderOf } from '../database/data-folder.ts';
import { openAccountStore } from './account-store.ts';
import { readUsersFile } from './read-users-file.ts';

export { AccountsRefused } from '@medkit/accounts';

export interface FolderAccountsOptions {
  readonly config: Pick<GatewayConfig, 'auth' | 'data_dir' | 'fleet' | 'roles'>;
  readonly files: Pick<Files, 'readText' | 'stateOf'>;
  readonly clock: Clock;
  readonly random: Random;
  readonly hostName: string;
  readonly log: Log;
}

/** The gateway that holds a data folder. */
export interface FolderGateway {
  /** `undefined` if the lock does not identify it. */
  readonly owner: LockOwner | undefined;
  /** The gateway found accounts when it started. */
  readonly hasAccounts: boolean;
}

/** The accounts of a data folder, opened with file access instead of a password. */
export interface FolderAccounts {
  /** Path of the database, or its URL without the password. */
  readonly place: string;
  readonly users: accounts.Users;
  readonly roles: accounts.Roles;
  /** `undefined` if no gateway runs; then none can start until `close`. */
  readonly gateway: FolderGateway | undefined;
  close(): Promise<void>;
}

/** Files of accounts and of the lock in the data folder. */
export const ACCOUNT_FILES = /^(?:auth\.db|gateway\.lock)(?:[.-]|$)/;

/**
 * Opens the accounts of a data folder, also while a gateway runs. Throws `AccountsRefused` if the configuration of
 * roles or users is invalid, and a `StoreError` if the database cannot be used.
 */
export async function openFolderAccounts(options: FolderAccountsOptions): Promise<FolderAccounts> {
  const { config, files, clock, random, hostName, log } = options;
  const path = join(config.data_dir, 'auth.db');
  const roles = accounts.rolesOf(config.roles, { compat: config.auth.compat_roles });
  const declaredUsers = config.auth.users_file === '' ? [] : await readUsersFile(files, config.auth.users_file);
  const hub = await configuredHubDatabase({ config, clock, log });
  const hadAccounts = hub ? await hub.exists('accounts') : (await files.stateOf(path)) !== undefined;
  await using opened = new AsyncDisposableStack();
  const owner = holderOf(config.data_dir, clock, opened);
  const store = await openAccountStore({ config, hubDatabase: hub, clock, log });
  opened.defer(() => store.close());
  const known = await accounts.openAccounts({ store, clock, random, log, roles, hostName, declaredUsers });
  opened.defer(() => known.close());
  const ended = opened.move();
  return {
    place: store.facts().path,
    users: known.users,
    roles,
    gateway: owner && { owner: owner.owner, hasAccounts: hadAccounts },
    close: () => ended.disposeAsync(),
  };
}

/** Hashes a password for `auth.users_file`, as a PHC string of argon2id. Throws `WeakPassword`. */
export async function passwordHash(
  password: string,
  { random, name }: { readonly random: Random; readonly name: string },
): Promise<string> {
  // The host names of the target robots are unknown here.
  const problem = accounts.passwordProblem(password, { name, hostName: '' });
  if (problem !== undefined) throw new accounts.WeakPassword(`the password is not accepted: ${problem}`);
  return accounts.openPasswords({ random }).hash(password);
}
