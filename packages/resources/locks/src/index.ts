/** Locks of clients on entities: their rules and expiry, their storage interface, and the access that they refuse. */

export type { Lock, LockClient } from './lock.ts';
export { type LockAccess, OPEN_ACCESS } from './lock-access.ts';
export { lockClient } from './lock-request.ts';
export type { LockService } from './lock-service.ts';
export type { LockStorage } from './lock-storage.ts';
export { type Locks, openLocks } from './open-locks.ts';
