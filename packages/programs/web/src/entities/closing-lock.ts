import type { Lock } from '@medkit/contract';
import { gatewayNowMs } from '../live/gateway-clock.ts';
import { timeMs } from '../time/times.ts';

/** Milliseconds until a lock ends by itself, below zero when it has. */
export function lockRestMs({ lock_expiration }: Pick<Lock, 'lock_expiration'>, nowMs = gatewayNowMs()): number {
  return (timeMs(lock_expiration) ?? nowMs) - nowMs;
}

/** Whether a lock closes a collection, such as `configurations`. */
export function closes({ scopes, 'x-medkit': about }: Lock, collection: string): boolean {
  return !about?.problem && (!scopes || scopes.length === 0 || scopes.includes(collection));
}

/** The lock of somebody else that closes a collection, of those that count for an entity; `undefined` where one may go on. */
export function closingLock(locks: readonly Lock[], collection: string, nowMs = gatewayNowMs()): Lock | undefined {
  return locks.find((lock) => !lock.owned && closes(lock, collection) && lockRestMs(lock, nowMs) > -1000);
}
