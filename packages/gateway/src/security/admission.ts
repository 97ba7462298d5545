import type { Principal } from '@medkit/core';
import { isAuthorised, type Need } from './authorise.ts';
import type { Principals } from './identify.ts';
import type { Credential } from './identity.ts';

type Limits = 'scopes' | 'entityScopes';

/** The principal, credential and permission of a request whose reply is a stream. */
export interface Admission {
  readonly principal: Pick<Principal, 'id' | Limits>;
  readonly credential: Credential;
  readonly need: Need;
  /** Returns whether the scopes of the principal include the stream now; absent if they do not limit it. */
  readonly isInScope?: () => boolean;
}

/** Why a stream ends: `scope-changed` if its reader no longer has the permission, or is limited to other robots or entities. */
export type AdmissionEnd = 'expired' | 'revoked' | 'scope-changed';

/**
 * Returns a function that repeats the authorisation with the same credential and permission. It returns the reason if
 * access is no longer granted, otherwise `undefined`.
 */
export function admissionCheck(current: Principals['current']): (admission: Admission) => AdmissionEnd | undefined {
  return ({ principal, credential, need, isInScope }) => {
    const now = current(credential);
    if ('refused' in now) return now.refused === 'expired' ? 'expired' : 'revoked';
    if (now.id !== principal.id) return 'revoked';
    if (!hasSameScopes(now, principal)) return 'scope-changed';
    if (isInScope?.() === false) return 'scope-changed';
    return isAuthorised(now, need) ? undefined : 'scope-changed';
  };
}

/** Returns whether two principals have the same limits. Scopes are read again when accounts are reloaded. */
function hasSameScopes(one: Pick<Principal, Limits>, other: Pick<Principal, Limits>): boolean {
  const isSame = one.scopes === other.scopes && one.entityScopes === other.entityScopes;
  return isSame || scopesText(one) === scopesText(other);
}

const scopesText = ({ scopes, entityScopes }: Pick<Principal, Limits>): string =>
  JSON.stringify([
    scopes.map((list) => list.map(({ site, group, permissions }) => [site, group, permissions && [...permissions]])),
    entityScopes,
  ]);
