import { join } from 'node:path';
import * as accounts from '@medkit/accounts';
import type { Log } from '@medkit/core';
import type { Clock, Files, Random } from '@medkit/edges';
import { type LockOwner, LockTaken, openStore, takeOwnerLock } from '@medkit/store';
import type { GatewayConfig } from '../config/gateway-config.ts';
import { ownerOf } from '../database/data-folder.ts';
import { readUsersFile } from './read-users-file.ts';

export { AccountsRefused } from '@medkit/accounts';

export interface FolderAccountsOptions {
  readonly config: Pick<GatewayConfig, 'auth' | 'data_dir' | 'roles'>;
  readonly files: Pick<Files, 'readText' | 'stateOf'>;
  readonly clock: Clock;
  readonly random: Random;
  readonly hostName: string;
  readonly log: Log;
}

/** The gateway that has a data folder at the moment. */
export interface FolderGateway {
  /** Unknown where it does not say who it is. */
  readonly owner: LockOwner | undefined;
  /** It looked for accounts when it started, and there were some. */
  readonly hasAccounts: boolean;
}

/** The accounts of a data folder, opened by somebody who has the disk: no password was asked for. */
export interface FolderAccounts {
  readonly users: accounts.Users;
  readonly roles: accounts.Roles;
  /** Where there is none, none can start until `close`. */
  readonly gateway: FolderGateway | undefined;
  close(): Promise<void>;
}

/** Files of accounts, and of who has the folder, in the data folder. */
export const ACCOUNT_FILES = /^(?:auth\.db|gateway\.lock)(?:[.-]|$)/;

/**
 * Opens the accounts of a data folder, beside the gateway that has it or in its place. Throws `AccountsRefused` where the
 * configuration of roles or users cannot be meant, and a `StoreError` where the database cannot be used.
 */
export async function openFolderAccounts(options: FolderAccountsOptions): Promise<FolderAccounts> {
  const { config, files, clock, random, hostName, log } = options;
  const path = join(config.data_dir, 'auth.db');
  const roles = accounts.rolesOf(config.roles, { compat: config.auth.compat_roles });
  const declaredUsers = config.auth.users_file === '' ? [] : await readUsersFile(files, config.auth.users_file);
  const hadAccounts = (await files.stateOf(path)) !== undefined;
  await using opened = new AsyncDisposableStack();
  const owner = heldBy(config.data_dir, clock, opened);
  const warn = (message: string) => log('warn', message);
  const store = await openStore({ path, migrations: { accounts: accounts.ACCOUNT_TABLES }, clock, warn });
  opened.defer(() => store.close());
  const known = await accounts.openAccounts({ store, clock, random, log, roles, hostName, declaredUsers });
  opened.defer(() => known.close());
  const ended = opened.move();
  return {
    users: known.users,
    roles,
    gateway: owner && { owner: owner.owner, hasAccounts: hadAccounts },
    close: () => ended.disposeAsync(),
  };
}

/** Who has the folder; nobody, and then it is taken until `opened` is closed. */
function heldBy(
  folder: string,
  clock: Clock,
  opened: AsyncDisposableStack,
): { readonly owner: LockOwner | undefined } | undefined {
  try {
    const lock = takeOwnerLock(join(folder, 'gateway.lock'), ownerOf(clock));
    opened.defer(() => lock.release());
    return undefined;
  } catch (error) {
    if (error instanceof LockTaken) return { owner: error.owner };
    throw error;
  }
}

/** A password as `auth.users_file` has it: a PHC string of argon2id. Throws `WeakPassword`. */
export async function passwordHash(
  password: string,
  { random, name }: { readonly random: Random; readonly name: string },
): Promise<string> {
  // The robots that are to have it may be called anything.
  const problem = accounts.passwordProblem(password, { name, hostName: '' });
  if (problem !== undefined) throw new accounts.WeakPassword(`the password cannot be taken: ${problem}`);
  return accounts.openPasswords({ random }).hash(password);
}
