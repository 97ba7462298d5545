import type { EntityRef } from '@medkit/core';

/**
 * Who holds a lock, or asks: the name by which a client calls itself, together with who it is. The principal is absent where
 * nobody has to say that, and of a lock that was kept by a medkit that did not write it down.
 */
export interface LockClient {
  readonly clientId: string;
  readonly principal?: string;
}

/** Whether who asks holds the lock. Another principal that uses the client's name does not. */
export function isHolder(lock: LockClient, asking: LockClient): boolean {
  return lock.clientId === asking.clientId && (lock.principal === undefined || lock.principal === asking.principal);
}

/** A lock as it is kept on disk. */
export interface Lock extends LockClient {
  /** Counts up from 1 and is never given again. */
  readonly number: number;
  readonly entity: EntityRef;
  /** The collections that it closes, in the order in which the client named them; none: all of them. */
  readonly scopes: readonly string[];
  /** As the settings of the entity were when it was taken. */
  readonly breakable: boolean;
  /** For how long it was given, seconds. */
  readonly seconds: number;
  /** Wall clock, milliseconds: when it was given; `undefined` of one that was kept by a medkit that did not write it down. */
  readonly acquiredMs: number | undefined;
  /** Wall clock, milliseconds: when it ends. */
  readonly expiresMs: number;
}

/** A lock of this process, which measures time on a clock that never jumps. */
export interface HeldLock extends Lock {
  /** Monotonic milliseconds: when it ends. */
  readonly endsAtMs: number;
  /** Who answers for it in the quota; of a lock that was stored earlier its principal. */
  readonly owner: string | undefined;
}

/** As clients know a lock: `lock_1`. */
export function lockId({ number }: Lock): string {
  return `lock_${number}`;
}

/** When a lock ends, in UTC with whole seconds. */
export function lockExpiration({ expiresMs }: Pick<Lock, 'expiresMs'>): string {
  return wholeSeconds(expiresMs);
}

/** A time of the wall clock, `2026-03-23T02:20:33Z`. */
export function wholeSeconds(ms: number): string {
  return `${new Date(ms).toISOString().slice(0, 19)}Z`;
}

/** Whether a lock closes a collection. */
export function covers({ scopes }: Pick<Lock, 'scopes'>, collection: string): boolean {
  return scopes.length === 0 || scopes.includes(collection);
}

/** Whether there is a collection that both close. */
export function overlap(one: Pick<Lock, 'scopes'>, other: Pick<Lock, 'scopes'>): boolean {
  return one.scopes.length === 0 || one.scopes.some((scope) => covers(other, scope));
}
