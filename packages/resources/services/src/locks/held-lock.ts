import { SovdError } from '@medkit/contract';
import { type Lock, lockExpiration } from './lock.ts';

/** Maximum characters of a client name in a message; the parameters hold the full name. */
const MAX_NAME_LENGTH = 64;

/** Creates the 409 error for a lock held by another client, with its holder and expiration. */
export function heldLock(lock: Lock, what: string, parameters: Readonly<Record<string, unknown>>): SovdError {
  const { clientId: holder } = lock;
  const lock_expiration = lockExpiration(lock);
  const name = holder.length > MAX_NAME_LENGTH ? `${holder.slice(0, MAX_NAME_LENGTH)}…` : holder;
  return new SovdError({
    code: 'lock-broken',
    message: `${what}, held by ${name} until ${lock_expiration}`,
    parameters: { ...parameters, holder, lock_expiration },
  });
}
