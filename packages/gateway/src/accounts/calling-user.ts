import { SovdError } from '@medkit/contract';
import type { Principal } from '@medkit/core';

/** Returns the name of a user; empty for other principals. */
export const nameOf = ({ kind, id }: Pick<Principal, 'id' | 'kind'>): string =>
  kind === 'user' ? id.slice('user:'.length) : '';

/** Returns whose sessions a principal may see: those of a user, or of an account of the identity provider. */
export const sessionUserOf = (principal: Pick<Principal, 'id' | 'kind'>): string =>
  principal.kind === 'oidc' ? principal.id : nameOf(principal);

/** Returns the name of the calling user. Throws for other principals. */
export function callingUserName(principal: Principal): string {
  if (principal.kind === 'user') return nameOf(principal);
  throw new SovdError({ code: 'precondition-not-fulfilled', message: `${principal.id} is not a user with a password` });
}
