import type { Lock } from '@medkit/contract';
import { gatewayNowMs } from '../gateway/gateway-clock.ts';
import { timeMs } from '../time/times.ts';

/** Returns the milliseconds until a lock expires; negative after its expiry. */
export function lockRemainingMs({ lock_expiration }: Pick<Lock, 'lock_expiration'>, nowMs = gatewayNowMs()): number {
  return (timeMs(lock_expiration) ?? nowMs) - nowMs;
}

/** Returns whether a lock covers a collection, such as `configurations`. */
export function closes({ scopes, 'x-medkit': about }: Lock, collection: string): boolean {
  return !about?.problem && (!scopes || scopes.length === 0 || scopes.includes(collection));
}

/** Returns the lock of another client that covers a collection, or `undefined` if the collection is free. */
export function blockingLock(locks: readonly Lock[], collection: string, nowMs = gatewayNowMs()): Lock | undefined {
  return locks.find((lock) => !lock.owned && closes(lock, collection) && lockRemainingMs(lock, nowMs) > -1000);
}
