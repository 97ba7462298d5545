import { createHash } from 'node:crypto';
import { seededRandom } from '@medkit/edges';
import { SimulatedClock } from '@medkit/edges/testing';
import type { Store } from '@medkit/store';
import { testStore } from '@medkit/store/testing';
import type { Accounts, AccountsOptions } from '../accounts.ts';
import { GRANT_TABLES } from '../grant/grant.ts';
import { openAccounts } from '../open-accounts.ts';
import type { PasswordHash } from '../password/password-hash.ts';
import { rolesOf } from '../role/configured-roles.ts';
import { ACCOUNT_TABLES } from '../storage/account-tables.ts';
import { clientsOf } from '../token/client.ts';
import type { TokenOptions } from '../token/token.ts';

/** Long enough, and contains no name. */
export const PASSWORD = 'tin roof, rain, Tuesday';
export const OTHER_PASSWORD = 'seven green apples';

export const TOKENS: TokenOptions = {
  signing: { algorithm: 'HS256', secret: 'a secret of more than 32 characters' },
  issuer: 'medkit',
  audience: 'amr-01',
  accessMs: 3600_000,
  refreshMs: 24 * 3600_000,
};

/** A fast substitute for argon2id, sufficient for comparisons in tests. */
export const quickHash: PasswordHash = async (password, { salt, tagBytes }) =>
  new Uint8Array(createHash('sha512').update(salt).update(password).digest()).slice(0, tagBytes);

export interface AccountStage {
  readonly accounts: Accounts;
  readonly clock: SimulatedClock;
  readonly store: Store;
  /** Number of listener calls. */
  readonly changes: () => number;
  readonly lines: readonly string[];
  /** Opens the same database as a new process would. */
  reopen(others?: Partial<AccountsOptions>): Promise<AccountStage>;
}

/** Opens accounts in memory with a simulated clock, and adds the admin `root`. */
export async function accountStage(options: Partial<AccountsOptions> = {}): Promise<AccountStage> {
  const clock = new SimulatedClock({ epochMs: Date.UTC(2026, 10, 24) });
  const store = testStore({ clock, migrations: { accounts: ACCOUNT_TABLES, account_grants: GRANT_TABLES } });
  const stage = await open({ ...options, clock, store }, clock, store, 1);
  await stage.accounts.users.add({ name: 'root', role: 'admin', password: PASSWORD });
  return stage;
}

async function open(
  options: Partial<AccountsOptions>,
  clock: SimulatedClock,
  store: Store,
  seed: number,
): Promise<AccountStage> {
  const lines: string[] = [];
  let changes = 0;
  const roles = options.roles ?? rolesOf({ technician: { extends: 'operator', deny: ['data.write'] } });
  const accounts = await openAccounts({
    ...{ clock, store, roles, hostName: 'amr-01', tokens: TOKENS, passwordHash: quickHash },
    random: seededRandom(seed),
    log: (level, message) => lines.push(`${level}: ${message}`),
    clients: clientsOf(['fleet:fleet:secret:operator', 'watch:a-watch-secret:viewer'], roles).clients,
    ...options,
  });
  accounts.onChange(() => {
    changes += 1;
  });
  const reopen = async (others: Partial<AccountsOptions> = {}) => {
    await accounts.close();
    return open({ ...options, ...others }, clock, store, seed + 1);
  };
  return { accounts, clock, store, lines, changes: () => changes, reopen };
}
