import { type Permission, SovdError } from '@medkit/contract';
import type { Principal } from '@medkit/core';

/** What a route needs; `public` is for all, as it tells nothing of the robot. */
export type Need = Permission | 'public';

/** True where a principal may do what a route needs. */
export function isAuthorised({ permissions }: Principal, need: Need): boolean {
  return need === 'public' || permissions.has(need);
}

/**
 * Throws where a principal may not do what a route needs: 401 for one that did not say who it is, 403 for any other.
 */
export function authorise(principal: Principal, need: Need): void {
  if (isAuthorised(principal, need)) return;
  const { role, kind } = principal;
  if (kind === 'anonymous') throw new SovdError({ code: 'unauthorized' });
  const message = `This needs the permission ${need}, which the role ${role} does not have`;
  throw new SovdError({ code: 'insufficient-access-rights', message, parameters: { permission: need, role } });
}
