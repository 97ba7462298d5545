import { SovdError } from '@medkit/contract';
import type { Principal } from '@medkit/core';

/** The name of a user; empty for whoever is none. */
export const nameOf = ({ kind, id }: Pick<Principal, 'id' | 'kind'>): string =>
  kind === 'user' ? id.slice('user:'.length) : '';

/** The name of the user who asks. Throws where it is none. */
export function ownName(principal: Principal): string {
  if (principal.kind === 'user') return nameOf(principal);
  throw new SovdError({ code: 'precondition-not-fulfilled', message: `${principal.id} is no user with a password` });
}
