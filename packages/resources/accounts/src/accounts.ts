import type { EntityLimits, Principal } from '@medkit/core';
import type { Clock, QuotaFigures, Random } from '@medkit/edges';
import type { Store } from '@medkit/store';
import type { Credential } from './credential/credential.ts';
import type { Refusal } from './credential/refusal.ts';
import type { Keys } from './key/key.ts';
import type { PasswordHash } from './password/password-hash.ts';
import type { ProviderTokens } from './provider/provider.ts';
import type { Roles } from './role/role.ts';
import type { Sessions } from './session/session.ts';
import type { Client } from './token/client.ts';
import type { TokenOptions, Tokens } from './token/token.ts';
import type { DeclaredUser, Users } from './user/user.ts';

export interface AccountsOptions {
  /** A store with `ACCOUNT_TABLES` and `GRANT_TABLES`, under the owners `accounts` and `account_grants`. */
  readonly store: Pick<Store, 'read' | 'write'>;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: (level: 'info' | 'warn', message: string) => void;
  readonly roles: Roles;
  /** Host name of this machine, which a password must not be built from. */
  readonly hostName: string;
  readonly declaredUsers?: readonly DeclaredUser[];
  readonly clients?: readonly Client[];
  /** If absent, the gateway issues and accepts no tokens. */
  readonly tokens?: TokenOptions;
  /** If absent, the gateway accepts no tokens of an identity provider. */
  readonly provider?: ProviderTokens;
  /** Idle time after which a session ends (default 8 h). */
  readonly sessionIdleMs?: number;
  /** Maximum lifetime of a session, even if it is in use (default 7 d). */
  readonly sessionLifeMs?: number;
  /**
   * Principals without an account that have every permission and can own keys (default `local`, a user of the command
   * line, and `server.token`).
   */
  readonly outsideOwners?: readonly string[];
  /** Hashes passwords (default: argon2id of Node.js). */
  readonly passwordHash?: PasswordHash;
}

/** The part that comes from the configuration and may change with a reload. */
export type DeclaredAccounts = Pick<AccountsOptions, 'declaredUsers' | 'clients'>;

/**
 * Users, keys, sessions and tokens, and the permissions of each. Calls that access the disk reject with a `StoreError`.
 */
export interface Accounts {
  /**
   * Identifies a bearer text: synchronously for a key and for a token verified earlier. `principalOf` returns its
   * permissions.
   */
  identify(text: string): Credential | Refusal | Promise<Credential | Refusal>;
  /** Identifies the session of a cookie value. */
  identifySession(cookie: string): Credential | Refusal;
  /**
   * Returns the current principal and permissions of a credential; call it for every request. Returns the same object
   * as long as neither changes. A user who must change the password has only the permission `self`.
   */
  principalOf(credential: Credential): Principal | Refusal;
  /**
   * Returns why a user, key or client can no longer have triggers and subscriptions: it was removed, is disabled, has
   * expired, or has lost the permission. Returns `undefined` if it can.
   */
  ownerProblem(owner: string): string | undefined;
  /**
   * Returns the entities to which a user, key or client is limited now; empty if it is not limited, or was removed.
   * Returns `undefined` for other owners, whose accounts are not stored.
   */
  entityLimitsOf(owner: string): EntityLimits | undefined;
  /**
   * Returns the user, client or key with this principal id as it is now, for work that is done later; otherwise why it
   * cannot act, as the end of a sentence.
   */
  actor(id: string): Principal | { readonly problem: string };
  /** Quotas on what principals create here, by name. */
  quotas(): Readonly<Record<string, { figures(): QuotaFigures }>>;
  /** Marks a credential as used now, which keeps a session alive. Do not call it for a stream that is merely open. */
  touch(credential: Credential): void;
  /**
   * Calls `listener` when permissions of a principal may have changed. Returns a function that removes the listener.
   */
  onChange(listener: () => void): () => void;
  readonly roles: Roles;
  readonly users: Users;
  readonly keys: Keys;
  readonly sessions: Sessions;
  readonly tokens: Tokens;
  /**
   * Reads all accounts again, since another process may have changed them, and applies `declared` if given. If it
   * rejects, everything stays unchanged.
   */
  reload(declared?: DeclaredAccounts): Promise<void>;
  /** Writes the last uses to disk and cancels the timers. */
  close(): Promise<void>;
}
