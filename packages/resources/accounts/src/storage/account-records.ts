import { hash } from 'node:crypto';
import type { Permission } from '@medkit/contract';
import { OwnedMap } from '@medkit/edges';
import type { ApiKey } from '../key/key.ts';
import type { Session } from '../session/session.ts';
import type { Client } from '../token/client.ts';
import type { User } from '../user/user.ts';

export interface UserRecord extends User {
  /** Of the password, as a PHC string. */
  readonly hash: string;
}

export interface KeyRecord extends Omit<ApiKey, 'permissions' | 'lastUsedMs'> {
  readonly digest: Uint8Array;
  readonly permissions?: ReadonlySet<Permission>;
}

export interface SessionRecord extends Omit<Session, 'lastUsedMs'> {
  readonly digest: Uint8Array;
}

/** All tokens that go back to one login. */
export interface FamilyRecord {
  readonly id: string;
  /** Id of a principal. */
  readonly subject: string;
  /** `jti` of the refresh token that counts. */
  readonly refreshId: string;
  readonly revoked: boolean;
  readonly createdMs: number;
  /** When the last of its tokens ends. */
  readonly endsMs: number;
}

/** The most of each that there may be: all of them are in memory, so that nobody has to wait to be known. */
export const MOST = {
  users: 1000,
  keys: 10_000,
  sessions: 10_000,
  families: 50_000,
  deniedTokens: 10_000,
} as const;

/**
 * All accounts as they are on disk. A record that changes is replaced as a whole, so whoever holds one knows by comparing
 * whether it has.
 */
export interface AccountRecords {
  readonly users: Map<string, UserRecord>;
  readonly clients: Map<string, Client>;
  /** By id, counted by who made them. */
  readonly keys: OwnedMap<string, KeyRecord>;
  /** The same, by the digest of their texts, so that how long a look takes tells nothing of a secret. */
  readonly keysByDigest: Map<string, KeyRecord>;
  /** By id, counted by user. */
  readonly sessions: OwnedMap<string, SessionRecord>;
  /** The same, by the digest of their cookies. */
  readonly sessionsByDigest: Map<string, SessionRecord>;
  /** By id, counted by subject. */
  readonly families: OwnedMap<string, FamilyRecord>;
  /** Access tokens that were revoked by themselves: `jti`, and when they end anyway. */
  readonly deniedTokens: Map<string, number>;
  /** When keys and sessions were last used, by id. */
  readonly keyUses: Map<string, number>;
  readonly sessionUses: Map<string, number>;
  /** When sessions began and were last used in this process, by the monotonic clock: a step of the wall clock ends none. */
  readonly sessionTimes: Map<string, { readonly begunMs?: number; readonly usedMs: number }>;
}

export const emptyRecords = (): AccountRecords => ({
  users: new Map(),
  clients: new Map(),
  keys: new OwnedMap(MOST.keys, ({ owner }) => owner),
  keysByDigest: new Map(),
  sessions: new OwnedMap(MOST.sessions, ({ user }) => user),
  sessionsByDigest: new Map(),
  families: new OwnedMap(MOST.families, ({ subject }) => subject),
  deniedTokens: new Map(),
  keyUses: new Map(),
  sessionUses: new Map(),
  sessionTimes: new Map(),
});

/** Puts what `source` has into the maps of `target`, and nothing else stays in them. */
export function replaceRecords(target: AccountRecords, source: AccountRecords): void {
  for (const name of Object.keys(target) as (keyof AccountRecords)[]) {
    const map = target[name] as Map<string, unknown>;
    map.clear();
    for (const [key, value] of source[name]) map.set(key, value);
  }
}

/** SHA-256 of a secret with 256 random bits or more: what cannot be guessed needs no slow hash. */
export const secretDigest = (secret: string): Buffer => hash('sha256', secret, 'buffer');

/** The same as it stands in a map, made in half the time. */
export const secretDigestKey = (secret: string): string => hash('sha256', secret, 'hex');

/** A digest as it stands in a map. */
export const digestKey = (digest: Uint8Array): string => Buffer.from(digest).toString('hex');
