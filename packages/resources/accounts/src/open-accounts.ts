import { errorMessage } from '@medkit/core';
import { type AccountRecords, digestKey, emptyRecords, replaceRecords } from './account-records.ts';
import type { Accounts, AccountsOptions, DeclaredAccounts } from './accounts.ts';
import { readGrants } from './grant/grant-rows.ts';
import { type AccountLimits, setLimits } from './grant/limits.ts';
import { KeyStore } from './key/key-store.ts';
import { KEY_PREFIX } from './key/key-text.ts';
import { openPasswords } from './password/passwords.ts';
import { Principals } from './principals.ts';
import { verifiedOnce } from './provider/verified-once.ts';
import { readScopes } from './scope/scope-rows.ts';
import { SessionStore } from './session/session-store.ts';
import { accountChanges } from './storage/account-changes.ts';
import { LastUses } from './storage/last-uses.ts';
import { readRecords } from './storage/read-records.ts';
import { endedRecords } from './sweep-records.ts';
import { TokenStore } from './token/token-store.ts';
import { mergeDeclaredUsers } from './user/declared-users.ts';
import { UserStore } from './user/user-store.ts';

const SESSION_IDLE_MS = 8 * 3600_000;
const SESSION_LIFE_MS = 7 * 24 * 3600_000;
const SWEEP_MS = 10 * 60_000;

/**
 * Reads all accounts into memory. Rejects with a `StoreError` if that fails, and with the problem of invalid declared
 * users or token settings.
 */
export async function openAccounts(options: AccountsOptions): Promise<Accounts> {
  const { store, clock, random, roles, log, sessionIdleMs = SESSION_IDLE_MS } = options;
  const records = emptyRecords();
  const listeners = new Set<() => void>();
  const provider = options.provider && verifiedOnce(options.provider);
  const changes = accountChanges(store, () => {
    tokens.forgetVerified();
    provider?.forget();
    for (const listener of listeners) listener();
  });
  const outsideOwners = new Set(options.outsideOwners ?? ['local', 'server.token']);
  const principals = new Principals({
    ...{ records, roles, clock, outsideOwners, sessionIdleMs },
    issuer: options.provider?.issuer,
  });
  const passwords = openPasswords({ random, hash: options.passwordHash });
  const shared = { records, changes, roles, clock, random, principals };
  const sessions = new SessionStore({ ...shared, lifeMs: options.sessionLifeMs ?? SESSION_LIFE_MS });
  const users = new UserStore({ ...shared, sessions, passwords, hostName: options.hostName, log });
  const keys = new KeyStore(shared);
  const tokens = new TokenStore({ ...shared, store, users, tokens: options.tokens });
  const uses = new LastUses({ records, store, clock, log });

  let declared: Required<DeclaredAccounts> = {
    declaredUsers: options.declaredUsers ?? [],
    clients: options.clients ?? [],
  };
  const read = async (wanted: Required<DeclaredAccounts>): Promise<void> => {
    const [stored, grants, scopes] = await Promise.all([readRecords(store), readGrants(store), readScopes(store)]);
    const limitsOf = (id: string): AccountLimits => ({ grants: grants.get(id), scopes: scopes.get(id) });
    const users = mergeDeclaredUsers(stored.users, wanted.declaredUsers, roles);
    const all: AccountRecords = {
      ...stored,
      users: new Map([...users].map(([name, user]) => [name, withLimits(user, limitsOf(`user:${name}`))])),
      clients: new Map(wanted.clients.map((client) => [client.id, client])),
    };
    for (const [id, key] of stored.keys) {
      const limited = withLimits(key, limitsOf(`key:${id}`));
      stored.keys.set(id, limited);
      stored.keysByDigest.set(digestKey(limited.digest), limited);
    }
    sessions.forget([...records.sessions.values()].filter(({ id }) => !stored.sessions.has(id)));
    replaceRecords(records, all);
    declared = wanted;
  };
  tokens.check();
  await read(declared);

  const sweep = () =>
    changes.runExclusive(async () => {
      const { statements, forget } = endedRecords(records, { clock, sessionIdleMs, sessions });
      if (statements.length > 0) await changes.write(statements);
      forget();
    });
  const timer = clock.every(SWEEP_MS, () => {
    sweep().catch((error) => log('warn', `Expired accounts could not be removed: ${errorMessage(error)}`));
  });

  return {
    identify: (text) => {
      if (text.startsWith(KEY_PREFIX)) return keys.identify(text);
      return provider?.identify(text) ?? tokens.identify(text);
    },
    identifySession: (cookie) => sessions.identify(cookie),
    principalOf: (credential) => principals.of(credential),
    ownerProblem: (owner) => principals.ownerProblem(owner),
    entityLimitsOf: (owner) => principals.entityLimitsOf(owner),
    actor: (id) => principals.actor(id),
    quotas: () => ({
      api_keys: keys.quota,
      sessions: sessions.quota,
      token_families: tokens.quota,
      waiting_logins: passwords.quota,
      waiting_account_changes: changes.quota,
    }),
    touch: ({ kind, id }) => {
      if (kind === 'key') uses.key(id);
      if (kind === 'session') uses.session(id);
    },
    onChange: (listener) => {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    ...{ roles, users, keys, sessions, tokens },
    reload: (wanted = {}) =>
      changes.runExclusive(async () => {
        await uses.flush();
        await read({ ...declared, ...wanted });
        changes.notify();
      }),
    close: async () => {
      timer.cancel();
      await changes.runExclusive(() => uses.flush());
    },
  };
}

/** Returns a record with its limits. */
const withLimits = <Record extends object>(record: Record, limits: AccountLimits): Record => ({
  ...record,
  ...setLimits(limits),
});
