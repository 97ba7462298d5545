import { SovdError } from '@medkit/contract';
import { addressPrefix } from '../limits/address-prefix.ts';
import type { LoginAttempt } from '../limits/login-throttle.ts';
import type { GatewayAccounts } from './gateway-accounts.ts';

/** Accounts, and who is told that somebody came with a wrong password or secret. */
export interface LoginDoor extends GatewayAccounts {
  /** `principal` where there is one whose password it was to be. */
  readonly onWrongLogin: (address: string, principal: string | undefined) => void;
}

/** What became of an attempt: a result, or how long to wait until one is heard again. */
export interface AttemptOutcome<T> {
  readonly waitMs: number;
  readonly result?: T;
}

/**
 * Tries to log in, unless there were too many failures of late. What fails makes the next one wait, and what succeeds ends that
 * of the account. Two attempts at a time do not pass each other: each counts before the other is looked at.
 */
export async function whenLoggingIn<T extends object>(
  { throttle, accounts, onWrongLogin }: LoginDoor,
  attempt: LoginAttempt,
  tryIt: () => Promise<T | { readonly refused: string }>,
): Promise<AttemptOutcome<T | { readonly refused: string }>> {
  const { waitMs } = throttle.admit(attempt);
  if (waitMs > 0) return { waitMs };
  const result = await tryIt();
  if ('refused' in result) {
    throttle.failed(attempt);
    // A name that nobody has may be a password that somebody typed in the wrong place.
    const isUser = accounts.users.find(attempt.account) !== undefined;
    onWrongLogin(attempt.address, isUser ? `user:${attempt.account}` : undefined);
  } else throttle.succeeded(attempt);
  return { waitMs: 0, result };
}

/** For whom the gateway compares a password: the known device, or the address of a client without one. */
export function askerOf({ device, address }: LoginAttempt): string {
  return device === undefined ? `address:${addressPrefix(address)}` : `device:${device}`;
}

/** The error of somebody who has to wait until the next login is heard. */
export function tooManyLogins(waitMs: number): SovdError {
  return new SovdError({ code: 'rate-limit-exceeded', parameters: { retry_after: Math.ceil(waitMs / 1000) } });
}
