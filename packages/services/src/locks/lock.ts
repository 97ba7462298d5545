import type { EntityRef } from '@medkit/core';

/** A lock as it is kept on disk. */
export interface Lock {
  /** Counts up from 1 and is never given again. */
  readonly number: number;
  readonly entity: EntityRef;
  readonly clientId: string;
  /** The collections that it closes, in the order in which the client named them; none: all of them. */
  readonly scopes: readonly string[];
  /** As the settings of the entity were when it was taken. */
  readonly breakable: boolean;
  /** For how long it was given, seconds. */
  readonly seconds: number;
  /** Wall clock, milliseconds: when it ends. */
  readonly expiresMs: number;
}

/** A lock of this process, which measures time on a clock that never jumps. */
export interface HeldLock extends Lock {
  /** Monotonic milliseconds: when it ends. */
  readonly endsAtMs: number;
}

/** As clients know a lock: `lock_1`. */
export function lockId({ number }: Lock): string {
  return `lock_${number}`;
}

/** Whether a lock closes a collection. */
export function covers({ scopes }: Pick<Lock, 'scopes'>, collection: string): boolean {
  return scopes.length === 0 || scopes.includes(collection);
}

/** Whether there is a collection that both close. */
export function overlap(one: Pick<Lock, 'scopes'>, other: Pick<Lock, 'scopes'>): boolean {
  return one.scopes.length === 0 || one.scopes.some((scope) => covers(other, scope));
}
