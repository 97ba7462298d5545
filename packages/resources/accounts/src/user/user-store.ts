import { errorMessage } from '@medkit/core';
import type { Clock } from '@medkit/edges';
import type { Statement } from '@medkit/store';
import { type AccountRecords, MAX_RECORDS, type UserRecord } from '../account-records.ts';
import { type Refusal, refused } from '../credential/refusal.ts';
import { checkLimits, deleteLimits, replaceLimits, setLimits } from '../grant/limits.ts';
import { deleteKeys, forgetKey, keysCreatedBy } from '../key/key-store.ts';
import { MAX_CHARACTERS, passwordProblem } from '../password/password-problem.ts';
import { needsRehash, type Passwords } from '../password/passwords.ts';
import {
  DefinedInUsersFile,
  InvalidName,
  LastAdmin,
  NameTaken,
  TooMany,
  UnknownName,
  UnknownRole,
  WeakPassword,
} from '../refusals.ts';
import { describeUnknown } from '../role/known-permission.ts';
import type { Roles } from '../role/role.ts';
import { endStatements, type SessionStore, sessionsOf } from '../session/session-store.ts';
import type { AccountChanges } from '../storage/account-changes.ts';
import { familiesOf, markRevoked, revokeStatements } from '../storage/token-families.ts';
import type { NewUser, User, UserChange, Users } from './user.ts';

/** Lower case only, so that two names never differ only in case. */
export const USER_NAME = /^[a-z0-9][a-z0-9._-]{0,63}$/;

export interface UserStoreOptions {
  readonly records: AccountRecords;
  readonly changes: AccountChanges;
  readonly sessions: Pick<SessionStore, 'forget'>;
  readonly roles: Roles;
  readonly passwords: Passwords;
  readonly clock: Clock;
  readonly hostName: string;
  readonly log: (level: 'warn', message: string) => void;
}

export class UserStore implements Users {
  readonly #options: UserStoreOptions;

  constructor(options: UserStoreOptions) {
    this.#options = options;
  }

  list(): readonly User[] {
    const all = [...this.#options.records.users.values()];
    return all.sort((a, b) => (a.name < b.name ? -1 : 1)).map(userView);
  }

  find(name: string): User | undefined {
    const user = this.#options.records.users.get(name);
    return user && userView(user);
  }

  async add({ name, role, password, mustChange = false, ...limited }: NewUser): Promise<User> {
    const { records, changes, passwords, clock } = this.#options;
    if (!USER_NAME.test(name)) {
      throw new InvalidName(
        `a user name must have 1 to 64 of a-z 0-9 . _ - and begin with a letter or digit, found ${JSON.stringify(name.slice(0, 80))}`,
      );
    }
    this.#refuseRole(role);
    this.#refusePassword(password, name);
    const limits = setLimits(limited);
    checkLimits(limits, this.#options.roles, `the user ${name}`);
    // Checks before hashing, and again in the serialized change.
    this.#refuseTaken(name);
    const hash = await passwords.hash(password);
    return changes.runExclusive(async () => {
      this.#refuseTaken(name);
      const nowMs = Math.round(clock.wallMs());
      const user: UserRecord = {
        ...{ name, role, hash, mustChange },
        ...{ disabled: false, declared: false, createdMs: nowMs, changedMs: nowMs },
        ...limits,
      };
      await changes.write([
        {
          sql: `INSERT INTO account_users (name, role, hash, must_change, disabled, created_ms, changed_ms)
                VALUES (?, ?, ?, ?, 0, ?, ?)`,
          parameters: [name, role, hash, mustChange ? 1 : 0, nowMs, nowMs],
        },
        ...replaceLimits(`user:${name}`, limits),
      ]);
      records.users.set(name, user);
      return userView(user);
    });
  }

  async change(name: string, change: UserChange, keep?: string): Promise<User> {
    const { records, changes, passwords, clock, roles } = this.#options;
    this.#changedUser(name, change);
    if (change.role !== undefined) this.#refuseRole(change.role);
    if (change.password !== undefined) this.#refusePassword(change.password, name);
    const hash = change.password === undefined ? undefined : await passwords.hash(change.password);
    return changes.runExclusive(async () => {
      const { grants: grantsBefore, scopes: scopesBefore, ...before } = this.#changedUser(name, change);
      const limits = setLimits({ grants: change.grants ?? grantsBefore, scopes: change.scopes ?? scopesBefore });
      if (change.grants || change.scopes) checkLimits(limits, roles, `the user ${name}`);
      const user: UserRecord = {
        ...before,
        role: change.role ?? before.role,
        hash: hash ?? before.hash,
        disabled: change.disabled ?? before.disabled,
        mustChange: change.mustChange ?? (hash === undefined && before.mustChange),
        changedMs: Math.round(clock.wallMs()),
        ...limits,
      };
      this.#refuseLastAdmin({ ...before, ...setLimits({ grants: grantsBefore, scopes: scopesBefore }) }, user);
      const hasOtherRights = hash !== undefined || user.role !== before.role || user.disabled !== before.disabled;
      const ended = hasOtherRights ? this.#activeCredentials(name, keep) : NO_CREDENTIALS;
      const keys = change.endKeys ? keysCreatedBy(`user:${name}`, records.keys) : [];
      await changes.write([
        {
          sql: `UPDATE account_users SET role = ?, hash = ?, disabled = ?, must_change = ?, changed_ms = ? WHERE name = ?`,
          parameters: [user.role, user.hash, user.disabled ? 1 : 0, user.mustChange ? 1 : 0, user.changedMs, name],
        },
        ...replaceLimits(`user:${name}`, { grants: change.grants, scopes: change.scopes }),
        ...deleteKeys(keys),
        ...ended.statements,
      ]);
      records.users.set(name, user);
      for (const id of keys) forgetKey(records, id);
      ended.forget();
      changes.notify();
      return userView(user);
    });
  }

  remove(name: string): Promise<void> {
    const { records, changes } = this.#options;
    return changes.runExclusive(async () => {
      const user = this.#editableUser(name);
      this.#refuseLastAdmin(user, undefined);
      const ended = this.#activeCredentials(name);
      // A later user of the same name must not inherit the keys.
      const keys = keysCreatedBy(`user:${name}`, records.keys);
      await changes.write([
        { sql: 'DELETE FROM account_users WHERE name = ?', parameters: [name] },
        ...deleteLimits([`user:${name}`]),
        ...deleteKeys(keys),
        ...ended.statements,
      ]);
      records.users.delete(name);
      for (const id of keys) forgetKey(records, id);
      ended.forget();
      changes.notify();
    });
  }

  async verify(name: string, password: string, asker?: string): Promise<User | Refusal> {
    const { records, passwords } = this.#options;
    const user = records.users.get(name);
    const candidate = password.length <= 2 * MAX_CHARACTERS ? password : '';
    const isRight = await passwords.matches(candidate, user?.hash, asker);
    // The user may have been changed or removed during the comparison.
    const still = records.users.get(name);
    if (!user || !still || still.hash !== user.hash) return refused('unknown');
    if (!isRight) return refused('wrong-secret');
    if (still.disabled) return refused('disabled');
    if (!still.declared && needsRehash(still.hash)) await this.#rehash(still, password);
    return userView(still);
  }

  /** Hashes the same password with the current cost parameters. Permissions do not change. */
  async #rehash({ name, hash: before }: UserRecord, password: string): Promise<void> {
    const { records, changes, passwords, log } = this.#options;
    try {
      const hash = await passwords.hash(password);
      await changes.runExclusive(async () => {
        const user = records.users.get(name);
        if (user?.hash !== before) return;
        await changes.write([{ sql: 'UPDATE account_users SET hash = ? WHERE name = ?', parameters: [hash, name] }]);
        records.users.set(name, { ...user, hash });
      });
    } catch (error) {
      // The login succeeds anyway; the next login tries again.
      log('warn', `The password of ${name} could not be rehashed: ${errorMessage(error)}`);
    }
  }

  /** Returns how to end all sessions and tokens of a user: statements for the disk, then a function for memory. */
  #activeCredentials(
    name: string,
    keep?: string,
  ): { readonly statements: readonly Statement[]; readonly forget: () => void } {
    const { records, sessions: store } = this.#options;
    const sessions = sessionsOf(records, name, keep);
    const families = familiesOf(records, `user:${name}`);
    return {
      statements: [...endStatements(sessions), ...revokeStatements(families)],
      forget: () => {
        store.forget(sessions);
        markRevoked(records, families);
      },
    };
  }

  /** Returns the user that a change concerns: of a user of the users file, only the limits can be changed here. */
  #changedUser(name: string, { grants, scopes, ...others }: UserChange): UserRecord {
    const user = this.#options.records.users.get(name);
    const isLimit = grants !== undefined || scopes !== undefined;
    const isOnlyLimit = isLimit && Object.values(others).every((value) => value === undefined);
    return user && isOnlyLimit ? user : this.#editableUser(name);
  }

  #editableUser(name: string): UserRecord {
    const user = this.#options.records.users.get(name);
    if (!user) throw new UnknownName(`there is no user ${JSON.stringify(name.slice(0, 80))}`);
    if (user.declared) {
      throw new DefinedInUsersFile(`the user ${name} is defined in auth.users_file: change it there, and reload`);
    }
    return user;
  }

  #refuseTaken(name: string): void {
    const { users } = this.#options.records;
    if (users.has(name)) throw new NameTaken(`the user ${name} already exists: choose another name`);
    if (users.size >= MAX_RECORDS.users) {
      throw new TooMany(`there are already ${users.size} users, the maximum: remove unused users`);
    }
  }

  #refuseRole(role: string): void {
    const { roles } = this.#options;
    if (!roles.permissionsOf(role)) throw new UnknownRole(`there is no role ${describeUnknown(role, roles.names)}`);
  }

  #refusePassword(password: string, name: string): void {
    const problem = passwordProblem(password, { name, hostName: this.#options.hostName });
    if (problem !== undefined) throw new WeakPassword(`the password is not accepted: ${problem}`);
  }

  /** An admin is any user without limits who can manage accounts, whatever the role is called. */
  #refuseLastAdmin(before: UserRecord, after: UserRecord | undefined): void {
    const { records, roles } = this.#options;
    const isAdmin = (user: UserRecord) =>
      !user.disabled &&
      !user.grants &&
      !user.scopes &&
      roles.scopesOf(user.role).length === 0 &&
      roles.permissionsOf(user.role)?.has('accounts') === true;
    if (!isAdmin(before) || (after && isAdmin(after))) return;
    const others = [...records.users.values()].some((user) => user.name !== before.name && isAdmin(user));
    if (!others) {
      const isLimited = after && !after.disabled && roles.permissionsOf(after.role)?.has('accounts') === true;
      const limit = isLimited ? ', who cannot be limited to sites, groups or entities' : '';
      throw new LastAdmin(`${before.name} is the last admin${limit}: create another admin first`);
    }
  }
}

const NO_CREDENTIALS = { statements: [], forget: () => undefined };

const userView = ({ hash: _, ...user }: UserRecord): User => user;
