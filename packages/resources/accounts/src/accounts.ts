import type { Principal } from '@medkit/core';
import type { Clock, QuotaFigures, Random } from '@medkit/edges';
import type { Store } from '@medkit/store';
import type { Credential } from './credential/credential.ts';
import type { Refusal } from './credential/refusal.ts';
import type { Keys } from './key/key.ts';
import type { PasswordHash } from './password/password-hash.ts';
import type { Roles } from './role/role.ts';
import type { Sessions } from './session/session.ts';
import type { Client } from './token/client.ts';
import type { TokenOptions, Tokens } from './token/token.ts';
import type { DeclaredUser, Users } from './user/user.ts';

export interface AccountsOptions {
  /** Has `ACCOUNT_TABLES`, of the owner `accounts`. */
  readonly store: Pick<Store, 'read' | 'write'>;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: (level: 'info' | 'warn', message: string) => void;
  readonly roles: Roles;
  /** Of this machine: no password may be made of it. */
  readonly hostName: string;
  readonly declaredUsers?: readonly DeclaredUser[];
  readonly clients?: readonly Client[];
  /** Absent: no tokens are issued, and none is taken. */
  readonly tokens?: TokenOptions;
  /** Idle for that long a session ends (default 8 h). */
  readonly sessionIdleMs?: number;
  /** A session ends after that however much it is used (default 7 d). */
  readonly sessionLifeMs?: number;
  /**
   * Principals that are no accounts, may do everything, and can own keys (default `local`, who has the machine, and
   * `server.token`).
   */
  readonly outsideOwners?: readonly string[];
  /** Hashes passwords (default: argon2id of Node). */
  readonly passwordHash?: PasswordHash;
}

/** What comes from the configuration and may be another after a reload. */
export type DeclaredAccounts = Pick<AccountsOptions, 'declaredUsers' | 'clients'>;

/** Who may come in, by what, and what each of them may do. Whatever touches the disk rejects with a `StoreError`. */
export interface Accounts {
  /**
   * Whose credential a bearer text is: at once for a key, and for a token that was verified before. What it is worth, ask
   * `principalOf`.
   */
  identify(text: string): Credential | Refusal | Promise<Credential | Refusal>;
  /** Whose session the value of a cookie is. */
  identifySession(cookie: string): Credential | Refusal;
  /**
   * Who somebody is and what it may do at this moment: to be asked for every request. The same object as long as neither
   * has changed. Who has to change the password may do nothing but what is `self`.
   */
  principalOf(credential: Credential): Principal | Refusal;
  /**
   * Why a user, key or client cannot have triggers and subscriptions any more: it was removed, is disabled, has expired, or has
   * lost the permission. `undefined` if it can.
   */
  ownerProblem(owner: string): string | undefined;
  /** Bounds of what principals make here, by name. */
  quotas(): Readonly<Record<string, { figures(): QuotaFigures }>>;
  /** It was used just now, by somebody and not by a stream that is still open: keeps a session from ending. */
  touch(credential: Credential): void;
  /** Calls `listener` when somebody may have lost rights, or got others; gives a way to stop. */
  onChange(listener: () => void): () => void;
  readonly roles: Roles;
  readonly users: Users;
  readonly keys: Keys;
  readonly sessions: Sessions;
  readonly tokens: Tokens;
  /**
   * Reads all of it again, since somebody else may have written it, and takes what is declared where that is given. Where
   * that rejects, everything is as it was.
   */
  reload(declared?: DeclaredAccounts): Promise<void>;
  /** Writes what was used last, and ends the timers. */
  close(): Promise<void>;
}
