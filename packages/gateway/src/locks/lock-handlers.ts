import type { AcquireLockRequest, ExtendLockRequest } from '@medkit/contract';
import { isSet } from '@medkit/faults';
import type { LockService } from '@medkit/locks';
import { Answer, done } from '../http/answer.ts';
import { type Handlers, LOCK_NOTE } from '../http/exchange.ts';

type LockHandlers = Pick<
  Handlers,
  'listLocks' | 'listAllLocks' | 'acquireLock' | 'getLock' | 'extendLock' | 'releaseLock'
>;

/**
 * The handlers of locks. Their bodies are already validated: a missing one counts as an empty one, which is invalid.
 */
export function lockHandlers(locks: LockService): LockHandlers {
  return {
    listLocks: ({ kind, entityId, query, call, visible }) =>
      locks.list(kind, entityId, { effective: isSet(query['effective']) }, call(), visible),
    listAllLocks: ({ call, visible }) => locks.listAll(call(), visible),
    acquireLock: async ({ kind, entityId, body, call, note }) => {
      const { lock, href } = await locks.acquire(kind, entityId, body as AcquireLockRequest, call());
      note({ [LOCK_NOTE]: lock.id });
      return new Answer(201, lock, { Location: href });
    },
    getLock: ({ kind, entityId, path, call }) => locks.get(kind, entityId, path['lock_id'] ?? '', call()),
    extendLock: async ({ kind, entityId, path, body, call }) => {
      await locks.extend(kind, entityId, path['lock_id'] ?? '', body as ExtendLockRequest, call());
      return done();
    },
    releaseLock: async ({ kind, entityId, path, call }) => {
      await locks.release(kind, entityId, path['lock_id'] ?? '', call());
      return done();
    },
  };
}
