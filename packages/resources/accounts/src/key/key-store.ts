import type { Permission } from '@medkit/contract';
import { type Clock, Quota, type Random } from '@medkit/edges';
import type { Statement } from '@medkit/store';
import {
  type AccountRecords,
  digestKey,
  type KeyRecord,
  MAX_RECORDS,
  secretDigest,
  secretDigestKey,
} from '../account-records.ts';
import type { KeyCredential } from '../credential/credential.ts';
import { isRefusal, type Refusal, refused } from '../credential/refusal.ts';
import { checkLimits, deleteLimits, replaceLimits, setLimits } from '../grant/limits.ts';
import { CLOCK_IS_SET_MS, MAX_OWNERS, type Principals } from '../principals.ts';
import { BeyondRights, InvalidExpiry, InvalidName, TooMany, UnknownRole } from '../refusals.ts';
import { commonPermissions } from '../role/common-permissions.ts';
import { describeUnknown, knownPermission } from '../role/known-permission.ts';
import type { Roles } from '../role/role.ts';
import type { AccountChanges } from '../storage/account-changes.ts';
import { deleteRows } from '../storage/row-statements.ts';
import type { ApiKey, Keys, NewKey } from './key.ts';
import { KEY_LENGTH, keyIdOf, newId, newKeyText } from './key-text.ts';

const DEFAULT_LIFE_MS = 90 * 24 * 3600_000;
/** Name as shown in lists: one line, without control characters that could affect a terminal. */
const KEY_NAME = /^[^\p{Cc}\p{Cf}\p{Zl}\p{Zp}]{1,64}$/u;

export interface KeyStoreOptions {
  readonly records: AccountRecords;
  readonly changes: AccountChanges;
  readonly principals: Principals;
  readonly roles: Roles;
  readonly clock: Clock;
  readonly random: Random;
}

export class KeyStore implements Keys {
  readonly #options: KeyStoreOptions;
  readonly #quota = new Quota(MAX_RECORDS.keys);
  /** One credential object for each key record. */
  readonly #credentials = new WeakMap<KeyRecord, KeyCredential>();

  constructor(options: KeyStoreOptions) {
    this.#options = options;
  }

  /**
   * Limits keys by the principal responsible for their creator. Keys of the command line and of admins have no owner.
   */
  get quota(): Quota {
    const { records, principals } = this.#options;
    this.#quota.clear();
    for (const [owner = '', count] of records.keys.owners()) this.#quota.add(principals.accountOf(owner), count);
    return this.#quota;
  }

  /** Identifies the key of a text. The checksum reveals a mistyped key. */
  identify(text: string): KeyCredential | Refusal {
    const { records } = this.#options;
    const key = text.length === KEY_LENGTH ? records.keysByDigest.get(secretDigestKey(text)) : undefined;
    if (!key) {
      const id = keyIdOf(text);
      if (id === undefined) return refused('malformed');
      return refused(records.keys.has(id) ? 'wrong-secret' : 'unknown');
    }
    const known = this.#credentials.get(key);
    if (known) return known;
    const { id, expiresMs } = key;
    const credential: KeyCredential = { kind: 'key', id, ...(expiresMs !== undefined && { expiresMs }) };
    this.#credentials.set(key, credential);
    return credential;
  }

  list(owner?: string): readonly ApiKey[] {
    const all = [...this.#options.records.keys.values()];
    return all
      .filter((key) => owner === undefined || key.owner === owner)
      .sort((a, b) => a.createdMs - b.createdMs)
      .map((key) => this.#keyView(key));
  }

  find(id: string): ApiKey | undefined {
    const key = this.#options.records.keys.get(id);
    return key && this.#keyView(key);
  }

  add(wanted: NewKey): Promise<{ readonly key: ApiKey; readonly text: string }> {
    const { records, changes, clock, random } = this.#options;
    return changes.runExclusive(async () => {
      const { name, role, owner } = wanted;
      if (!KEY_NAME.test(name)) {
        throw new InvalidName(
          `the name of a key must have 1 to 64 visible characters, found ${JSON.stringify(name.slice(0, 80))}`,
        );
      }
      const limits = setLimits(wanted);
      checkLimits(limits, this.#options.roles, 'the key');
      const permissions = this.#permissionsOf(wanted);
      const nowMs = Math.round(clock.wallMs());
      const expiresMs = expiryOf(wanted.expiresMs, nowMs);
      this.#reserve(owner);
      let id = newId(random);
      while (records.keys.has(id)) id = newId(random);
      const text = newKeyText(id, random);
      const digest = secretDigest(text);
      const key: KeyRecord = {
        ...{ id, digest, name, role, owner, createdMs: nowMs },
        ...(permissions && { permissions }),
        ...(expiresMs !== undefined && { expiresMs }),
        ...limits,
      };
      const permissionsJson = permissions ? JSON.stringify([...permissions]) : null;
      await changes.write([
        {
          sql: `INSERT INTO account_keys (id, digest, name, role, permissions, owner, created_ms, expires_ms)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
          parameters: [id, digest, name, role, permissionsJson, owner, nowMs, expiresMs ?? null],
        },
        ...replaceLimits(`key:${id}`, limits),
      ]);
      records.keys.set(id, key);
      records.keysByDigest.set(digestKey(digest), key);
      return { key: this.#keyView(key), text };
    }, this.#options.principals.accountOf(wanted.owner));
  }

  remove(id: string): Promise<boolean> {
    const { records, changes } = this.#options;
    return changes.runExclusive(async () => {
      if (!records.keys.has(id)) return false;
      const ids = [id, ...keysCreatedBy(`key:${id}`, records.keys)];
      await changes.write(deleteKeys(ids));
      for (const each of ids) forgetKey(records, each);
      changes.notify();
      return true;
    });
  }

  #reserve(owner: string): void {
    const { quota } = this;
    const account = this.#options.principals.accountOf(owner);
    if (quota.take(account)) return;
    const { capacity } = quota;
    throw new TooMany(
      account === undefined || quota.isFull
        ? `there are already ${capacity} keys, the maximum: remove unused keys`
        : `${account} has ${quota.heldBy(account)} of ${capacity} keys, and the rest is reserved for others: remove unused keys`,
    );
  }

  /**
   * Returns the requested subset of permissions, if any. Throws if the key would exceed the permissions of its owner.
   */
  #permissionsOf({ name, role, permissions, owner }: NewKey): ReadonlySet<Permission> | undefined {
    const { roles, principals } = this.#options;
    const ofRole = roles.permissionsOf(role);
    if (!ofRole) throw new UnknownRole(`there is no role ${describeUnknown(role, roles.names)}`);
    const subset = permissions && new Set(permissions.map((each) => knownPermission(each, `the key ${name}`)));
    // Starts at depth 1, so that the new key itself stays within the limit.
    const ofOwner = principals.permissionsOfOwner(owner, 1);
    if (isRefusal(ofOwner)) {
      throw new BeyondRights(
        `${owner} has no permissions (${ofOwner.refused}), or it is at the end of a chain of ${MAX_OWNERS} keys that created each other`,
      );
    }
    const more = [...(subset ? commonPermissions(subset, ofRole) : ofRole)].filter((each) => !ofOwner.has(each));
    if (more.length > 0) {
      throw new BeyondRights(
        `the key has permissions that ${owner} does not have: ${more.join(', ')}. Choose a role or permissions that ${owner} has`,
      );
    }
    return subset;
  }

  #keyView({ digest: _, permissions, ...key }: KeyRecord): ApiKey {
    const lastUsedMs = this.#options.records.keyUses.get(key.id);
    return {
      ...key,
      ...(permissions && { permissions: [...permissions] }),
      ...(lastUsedMs !== undefined && { lastUsedMs: Math.round(lastUsedMs) }),
    };
  }
}

/** Returns the ids of all keys that a principal created, and of keys created with those. */
export function keysCreatedBy(owner: string, keys: ReadonlyMap<string, KeyRecord>): readonly string[] {
  const owners = new Set([owner]);
  // Keys are in creation order: the creator precedes its keys.
  const made = [...keys.values()].filter((key) => owners.has(key.owner) && owners.add(`key:${key.id}`));
  return made.map(({ id }) => id);
}

/** Returns the statements that remove keys with their limits. */
export const deleteKeys = (ids: readonly string[]): readonly Statement[] => [
  ...deleteRows('account_keys', ids),
  ...deleteLimits(ids.map((id) => `key:${id}`)),
];

export function forgetKey(records: AccountRecords, id: string): void {
  const key = records.keys.get(id);
  if (key) records.keysByDigest.delete(digestKey(key.digest));
  records.keys.delete(id);
  records.keyUses.delete(id);
}

function expiryOf(wanted: NewKey['expiresMs'], nowMs: number): number | undefined {
  if (wanted === 'never') return undefined;
  if (nowMs < CLOCK_IS_SET_MS) {
    throw new InvalidExpiry('the clock of this machine is not set: set it, or create a key without expiry');
  }
  const expiresMs = wanted ?? nowMs + DEFAULT_LIFE_MS;
  if (!Number.isSafeInteger(expiresMs) || expiresMs <= nowMs) {
    throw new InvalidExpiry(
      `a key cannot expire at ${expiresMs}: specify a future time in milliseconds since the epoch`,
    );
  }
  return expiresMs;
}
