import { PERMISSIONS, type Permission, SovdError } from '@medkit/contract';
import type { Principal } from '@medkit/core';

/** What a route needs; `public` is for all, as it tells nothing of the robot. */
export type Need = Permission | 'public';

/** What each role may do. */
const ROLES: ReadonlyMap<string, ReadonlySet<string>> = new Map([['admin', new Set(Object.keys(PERMISSIONS))]]);

/** True where a principal may do what a route needs. */
export function isAuthorised({ role }: Principal, need: Need): boolean {
  return need === 'public' || ROLES.get(role)?.has(need) === true;
}

/**
 * Throws where a principal may not do what a route needs: 401 for one that did not say who it is, 403 for any other.
 */
export function authorise(principal: Principal, need: Need): void {
  if (isAuthorised(principal, need)) return;
  const { role } = principal;
  if (role === '') throw new SovdError({ code: 'unauthorized' });
  const message = `This needs the permission ${need}, which the role ${role} does not have`;
  throw new SovdError({ code: 'insufficient-access-rights', message, parameters: { permission: need, role } });
}
