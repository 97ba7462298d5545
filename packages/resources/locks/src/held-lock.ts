import { SovdError, shortened } from '@medkit/contract';
import { type Lock, lockExpiration } from './lock.ts';

/** Creates the 409 error for a lock held by another client, with its holder and expiration. */
export function heldLock(lock: Lock, what: string, parameters: Readonly<Record<string, unknown>>): SovdError {
  const { clientId: holder } = lock;
  const lock_expiration = lockExpiration(lock);
  return new SovdError({
    code: 'lock-broken',
    message: `${what}, held by ${shortened(holder)} until ${lock_expiration}`,
    parameters: { ...parameters, holder, lock_expiration },
  });
}
