import { SovdError } from '@medkit/contract';
import { addressPrefix } from '../limits/address-prefix.ts';
import type { LoginAttempt } from '../limits/login-throttle.ts';
import type { GatewayAccounts } from './gateway-accounts.ts';

/** Accounts, with a callback for wrong passwords and secrets. */
export interface LoginContext extends GatewayAccounts {
  /** `principal` is the account, if it exists. */
  readonly onWrongLogin: (address: string, principal: string | undefined) => void;
}

/** The result of an attempt, or how long to wait before the next one. */
export interface AttemptOutcome<T> {
  readonly waitMs: number;
  readonly result?: T;
}

/**
 * Tries to log in, unless there were too many recent failures. A failure delays the next attempt; a success clears the
 * failures of the account. Parallel attempts do not bypass the limit: each counts before its password is checked.
 */
export async function attemptLogin<T extends object>(
  { throttle, accounts, onWrongLogin }: LoginContext,
  attempt: LoginAttempt,
  tryIt: () => Promise<T | { readonly refused: string }>,
): Promise<AttemptOutcome<T | { readonly refused: string }>> {
  const { waitMs } = throttle.admit(attempt);
  if (waitMs > 0) return { waitMs };
  const result = await tryIt();
  if ('refused' in result) {
    throttle.failed(attempt);
    // An unknown name may be a password typed into the wrong field.
    const isUser = accounts.users.find(attempt.account) !== undefined;
    onWrongLogin(attempt.address, isUser ? `user:${attempt.account}` : undefined);
  } else throttle.succeeded(attempt);
  return { waitMs: 0, result };
}

/** Returns the client for which a password is checked: the known device, or the address of a client without one. */
export function loginClient({ device, address }: LoginAttempt): string {
  return device === undefined ? `address:${addressPrefix(address)}` : `device:${device}`;
}

/** Error for a login that has to wait. */
export function tooManyLogins(waitMs: number): SovdError {
  return new SovdError({ code: 'rate-limit-exceeded', parameters: { retry_after: Math.ceil(waitMs / 1000) } });
}
