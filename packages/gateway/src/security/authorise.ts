import { type Need, SovdError } from '@medkit/contract';
import type { Principal } from '@medkit/core';

export type { Need };

/** Returns whether a principal has the permission that a route requires. */
export function isAuthorised({ permissions }: Pick<Principal, 'permissions'>, need: Need): boolean {
  return need === 'public' || permissions.has(need);
}

/** Messages for invalid credentials. All other reasons are reported only as wrong credentials. */
const REFUSALS: Readonly<Record<string, string>> = {
  expired: 'What the request was sent with has expired: log in again, or make a new key',
  revoked: 'What the request was sent with was taken back: log in again, or make a new key',
  disabled: 'Whoever this belongs to is disabled',
  'clock-not-set': 'The clock of this machine is not set, so that nobody can tell whether a token is still good',
};

/** Returns the error for a missing permission: 401 for a client with no or invalid credentials, 403 for any other. */
export function notAuthorised({ kind, role, permissions }: Principal, need: Need, refused?: string): SovdError {
  if (kind === 'anonymous') {
    const message = refused === undefined ? undefined : REFUSALS[refused];
    return new SovdError({ code: 'unauthorized', ...(message !== undefined && { message }) });
  }
  const parameters = { permission: need, role };
  if (kind === 'user' && permissions.size === 1 && permissions.has('self')) {
    const message = 'The password has to be changed first: PUT /api/v1/auth/password';
    return new SovdError({ code: 'insufficient-access-rights', message, parameters });
  }
  const message = `This needs the permission ${need}, which the role ${role} does not have`;
  return new SovdError({ code: 'insufficient-access-rights', message, parameters });
}

/** Returns the `WWW-Authenticate` header (RFC 6750, 3): without an error code if the client sent no credentials. */
export function challengeOf({ kind }: Pick<Principal, 'kind'>, refused?: string): string {
  if (kind !== 'anonymous') return 'Bearer realm="medkit", error="insufficient_scope"';
  return refused === undefined ? 'Bearer realm="medkit"' : 'Bearer realm="medkit", error="invalid_token"';
}
