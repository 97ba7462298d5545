import { SovdError } from '@medkit/contract';
import { type Lock, lockExpiration } from './lock.ts';

/** Characters of a client's name that a message repeats; the parameters have all of it. */
const MAX_NAME_LENGTH = 64;

/** The 409 of a lock that is in the way, wherever that is: who holds it, and until when. */
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
