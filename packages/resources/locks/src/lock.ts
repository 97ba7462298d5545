import type { EntityRef } from '@medkit/core';

/**
 * The holder of a lock, or a client that requests one: its client name and its principal. The principal is absent
 * without authentication, and for locks stored by a medkit version that did not record it.
 */
export interface LockClient {
  readonly clientId: string;
  readonly principal?: string;
}

/** Returns whether the client holds the lock. Another principal with the same client name does not. */
export function isHolder(lock: LockClient, asking: LockClient): boolean {
  return lock.clientId === asking.clientId && (lock.principal === undefined || lock.principal === asking.principal);
}

/** A stored lock. */
export interface Lock extends LockClient {
  /** Counts up from 1; never reused. */
  readonly number: number;
  readonly entity: EntityRef;
  /** The collections that the lock closes, in the client's order; empty for all collections. */
  readonly scopes: readonly string[];
  /** From the settings of the entity when the lock was acquired. */
  readonly breakable: boolean;
  /** Granted duration, seconds. */
  readonly seconds: number;
  /**
   * Wall-clock milliseconds when the lock was granted; `undefined` for locks stored by a medkit version that did not
   * record it.
   */
  readonly acquiredMs: number | undefined;
  /** Wall-clock milliseconds when the lock expires. */
  readonly expiresMs: number;
}

/** A lock in memory, which expires by the monotonic clock. */
export interface HeldLock extends Lock {
  /** Monotonic milliseconds when the lock expires. */
  readonly endsAtMs: number;
  /** Owner in the quota; for locks of an earlier run, their principal. */
  readonly owner: string | undefined;
}

/** Returns the id of a lock in the API: `lock_1`. */
export function lockId({ number }: Lock): string {
  return `lock_${number}`;
}

/** Returns when a lock expires, in UTC with whole seconds. */
export function lockExpiration({ expiresMs }: Pick<Lock, 'expiresMs'>): string {
  return wholeSeconds(expiresMs);
}

/** Formats wall-clock milliseconds as `2026-03-23T02:20:33Z`. */
export function wholeSeconds(ms: number): string {
  return `${new Date(ms).toISOString().slice(0, 19)}Z`;
}

/** Returns whether a lock closes a collection. */
export function covers({ scopes }: Pick<Lock, 'scopes'>, collection: string): boolean {
  return scopes.length === 0 || scopes.includes(collection);
}

/** Returns whether any collection is closed by both locks. */
export function overlap(one: Pick<Lock, 'scopes'>, other: Pick<Lock, 'scopes'>): boolean {
  return one.scopes.length === 0 || one.scopes.some((scope) => covers(other, scope));
}
