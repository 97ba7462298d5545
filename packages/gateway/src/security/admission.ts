import type { Principal } from '@medkit/core';
import { isAuthorised, type Need } from './authorise.ts';
import type { Identify } from './identify.ts';

/** Who was let in, by what and for what: of a request whose reply goes on. */
export interface Admission {
  readonly principal: Principal;
  /** The `Authorization` header. */
  readonly authorization: string | undefined;
  readonly need: Need;
}

/** Tells whether whoever was let in would be let in again: by the same header as the same principal, who may still do that. */
export function admissionCheck(identify: Identify): (admission: Admission) => boolean {
  return ({ principal, authorization, need }) => identify(authorization) === principal && isAuthorised(principal, need);
}
