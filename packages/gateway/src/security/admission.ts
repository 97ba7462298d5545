import type { Principal } from '@medkit/core';
import { isAuthorised, type Need } from './authorise.ts';
import type { Principals } from './identify.ts';
import type { Credential } from './identity.ts';

/** Who was let in, by what and for what: of a request whose reply goes on. */
export interface Admission {
  readonly principal: Pick<Principal, 'id'>;
  readonly credential: Credential;
  readonly need: Need;
}

/** Why a reply does not go on: `scope-changed` where who reads it may not do so any more. */
export type AdmissionEnd = 'expired' | 'revoked' | 'scope-changed';

/** Tells why whoever was let in would not be let in again; `undefined` where it would: by the same credential, for the same. */
export function admissionCheck(current: Principals['current']): (admission: Admission) => AdmissionEnd | undefined {
  return ({ principal, credential, need }) => {
    const now = current(credential);
    if ('refused' in now) return now.refused === 'expired' ? 'expired' : 'revoked';
    if (now.id !== principal.id) return 'revoked';
    return isAuthorised(now, need) ? undefined : 'scope-changed';
  };
}
