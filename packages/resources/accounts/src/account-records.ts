import { hash } from 'node:crypto';
import type { Permission } from '@medkit/contract';
import { OwnedMap } from '@medkit/edges';
import type { ApiKey } from './key/key.ts';
import type { Session } from './session/session.ts';
import type { Client } from './token/client.ts';
import type { User } from './user/user.ts';

export interface UserRecord extends User {
  /** Hash of the password, as a PHC string. */
  readonly hash: string;
}

export interface KeyRecord extends Omit<ApiKey, 'permissions' | 'lastUsedMs'> {
  readonly digest: Uint8Array;
  readonly permissions?: ReadonlySet<Permission>;
}

export interface SessionRecord extends Omit<Session, 'lastUsedMs'> {
  readonly digest: Uint8Array;
  /** The encrypted refresh token with which the groups of its account are read again. */
  readonly renewal?: string;
  /** When they were read last, by the wall clock. */
  readonly renewedMs?: number;
}

/** All tokens that derive from one login. */
export interface FamilyRecord {
  readonly id: string;
  /** Principal id. */
  readonly subject: string;
  /** `jti` of the valid refresh token. */
  readonly refreshId: string;
  readonly revoked: boolean;
  readonly createdMs: number;
  /** When the last of its tokens expires. */
  readonly endsMs: number;
}

/** Maximum records of each kind: all are held in memory, so that identifying a client needs no disk access. */
export const MAX_RECORDS = {
  users: 1000,
  keys: 10_000,
  sessions: 10_000,
  families: 50_000,
  deniedTokens: 10_000,
} as const;

/**
 * All accounts, in memory as on disk. A changed record is replaced, never modified, so its holder detects a change by
 * comparing objects.
 */
export interface AccountRecords {
  readonly users: Map<string, UserRecord>;
  readonly clients: Map<string, Client>;
  /** By id, counted by creator. */
  readonly keys: OwnedMap<string, KeyRecord>;
  /** The keys by digest of their text, so that the duration of a look-up reveals nothing about a secret. */
  readonly keysByDigest: Map<string, KeyRecord>;
  /** By id, counted by user. */
  readonly sessions: OwnedMap<string, SessionRecord>;
  /** The sessions by digest of their cookie. */
  readonly sessionsByDigest: Map<string, SessionRecord>;
  /** By id, counted by subject. */
  readonly families: OwnedMap<string, FamilyRecord>;
  /** Access tokens that were revoked individually: `jti` and expiry. */
  readonly deniedTokens: Map<string, number>;
  /** Last use of keys and sessions, by id. */
  readonly keyUses: Map<string, number>;
  readonly sessionUses: Map<string, number>;
  /**
   * Start and last use of sessions in this process, by the monotonic clock, so that a step of the wall clock ends no
   * session.
   */
  readonly sessionTimes: Map<string, { readonly begunMs?: number; readonly usedMs: number }>;
}

export const emptyRecords = (): AccountRecords => ({
  users: new Map(),
  clients: new Map(),
  keys: new OwnedMap(MAX_RECORDS.keys, ({ owner }) => owner),
  keysByDigest: new Map(),
  sessions: new OwnedMap(MAX_RECORDS.sessions, ({ user }) => user),
  sessionsByDigest: new Map(),
  families: new OwnedMap(MAX_RECORDS.families, ({ subject }) => subject),
  deniedTokens: new Map(),
  keyUses: new Map(),
  sessionUses: new Map(),
  sessionTimes: new Map(),
});

/** Replaces the content of the maps of `target` with that of `source`. */
export function replaceRecords(target: AccountRecords, source: AccountRecords): void {
  for (const name of Object.keys(target) as (keyof AccountRecords)[]) {
    const map = target[name] as Map<string, unknown>;
    map.clear();
    for (const [key, value] of source[name]) map.set(key, value);
  }
}

/** SHA-256 of a secret with at least 256 random bits. A secret that cannot be guessed needs no slow hash. */
export const secretDigest = (secret: string): Buffer => hash('sha256', secret, 'buffer');

/** The same digest as a map key, computed in half the time. */
export const secretDigestKey = (secret: string): string => hash('sha256', secret, 'hex');

/** Returns a digest as a map key. */
export const digestKey = (digest: Uint8Array): string => Buffer.from(digest).toString('hex');
