import { MAX_CLIENT_ID_LENGTH, SovdError } from '@medkit/contract';
import { type CallContext, LOCK_SCOPES, type LockSettings } from '@medkit/core';
import type { LockClient } from './lock.ts';

/** Returns the caller as a lock client: its client name, and its principal if it is authenticated. */
export function lockClient({ clientId, principal }: Pick<CallContext, 'clientId' | 'principal'>): LockClient {
  const isKnown = principal.kind !== 'anonymous' && principal.kind !== 'gateway';
  return isKnown ? { clientId, principal: principal.id } : { clientId };
}

/** Returns the caller as the holder of a new lock. Throws `invalid-parameter` if it sends no client name. */
export function clientOf(call: Pick<CallContext, 'clientId' | 'principal'>): LockClient {
  const { clientId } = call;
  if (clientId === '') throw badClient('Missing required X-Client-Id header');
  if (clientId.length > MAX_CLIENT_ID_LENGTH) {
    throw badClient(`X-Client-Id is longer than ${MAX_CLIENT_ID_LENGTH} characters`, {
      max_length: MAX_CLIENT_ID_LENGTH,
    });
  }
  if ([...clientId].some((character) => character < ' ' || character === '\x7f')) {
    throw badClient('X-Client-Id has control characters');
  }
  return lockClient(call);
}

/** Validates the seconds of a lock. Throws `invalid-parameter`. */
export function secondsOf(requested: number): number {
  if (requested > 0) return requested;
  throw badExpiration('lock_expiration must be above 0 seconds');
}

/** Throws `invalid-parameter` if the entity cannot be locked for this long. */
export function assertNotTooLong(seconds: number, { maxExpirationSec }: LockSettings): void {
  if (seconds <= maxExpirationSec) return;
  throw badExpiration(`lock_expiration must be at most ${maxExpirationSec} seconds`);
}

/** Returns the distinct collections of a lock. Throws `invalid-parameter` for an unknown collection. */
export function scopesOf(requested: readonly string[] | null | undefined): readonly string[] {
  const scopes = [...new Set(requested)];
  const unknown = scopes.find((scope) => !LOCK_SCOPES.includes(scope));
  if (unknown === undefined) return scopes;
  throw new SovdError({
    code: 'invalid-parameter',
    message: 'Invalid lock scope',
    parameters: { details: `Valid scopes: ${LOCK_SCOPES.join(', ')}`, invalid_scope: unknown },
  });
}

function badClient(message: string, parameters: Readonly<Record<string, unknown>> = {}): SovdError {
  return new SovdError({ code: 'invalid-parameter', message, parameters });
}

function badExpiration(details: string): SovdError {
  return new SovdError({ code: 'invalid-parameter', message: 'Invalid lock_expiration', parameters: { details } });
}
