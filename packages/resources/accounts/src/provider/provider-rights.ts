import { MAX_GRANTS } from '@medkit/contract';
import type { JWTPayload } from 'jose';
import type { ProviderAccount } from '../credential/credential.ts';
import { type Refusal, refused } from '../credential/refusal.ts';
import { grantText } from '../grant/grant-rows.ts';
import type { Roles } from '../role/role.ts';
import type { ProviderOptions } from './provider.ts';

/** Maximum groups of an account that are read. Entra ID lists at most 200, others list all. */
const MAX_GROUPS = 2000;

/** What an account may do. */
export type ProviderRights = Pick<ProviderAccount, 'grants' | 'role'>;

/**
 * Returns the rights of an account by the groups in its claims. A role of `roleMap` applies to the whole fleet; of several
 * roles, the one with the most permissions. Without one, the grants of all its groups add up. Returns the reason if no
 * group has a role or a grant: such an account has no access, not even as a viewer.
 */
export function providerRights(
  claims: JWTPayload,
  { roleClaim, roleMap, grantMap }: Pick<ProviderOptions, 'grantMap' | 'roleClaim' | 'roleMap'>,
  roles: Roles,
): ProviderRights | Refusal {
  const groups = groupsIn(claims, roleClaim)?.map((group) => group.normalize('NFC'));
  if (groups === undefined) return refused(hasTooManyGroups(claims, roleClaim) ? 'too-many-groups' : 'no-role');
  const role = highest(
    groups.map((group) => roleMap.get(group)),
    roles,
  );
  if (role !== undefined) return { role };
  const grants = [
    ...new Map(groups.map((group) => [JSON.stringify(grantMap.get(group)), grantMap.get(group)])).values(),
  ]
    .filter((grant) => grant !== undefined)
    .sort((a, b) => (grantText(a) < grantText(b) ? -1 : 1));
  if (grants.length > MAX_GRANTS) return refused('too-many-grants');
  const ofGrants = highest(
    grants.map((grant) => grant.role),
    roles,
  );
  return ofGrants === undefined ? refused('no-role') : { role: ofGrants, grants };
}

/** Returns the role with the most permissions; `undefined` if there is none. */
function highest(names: readonly (string | undefined)[], roles: Roles): string | undefined {
  const size = (role: string): number => roles.permissionsOf(role)?.size ?? -1;
  return names.reduce(
    (best, role) => (role !== undefined && (best === undefined || size(role) > size(best)) ? role : best),
    undefined,
  );
}

/** Returns whether the claims contain groups, or a reference to them. */
export function hasRoleClaim(claims: JWTPayload, path: string): boolean {
  return claimAt(claims, path) !== undefined || hasTooManyGroups(claims, path);
}

/** Returns the groups in a claim; `undefined` if the claim is missing or has another form. */
function groupsIn(claims: JWTPayload, path: string): readonly string[] | undefined {
  const value = claimAt(claims, path);
  if (typeof value === 'string') return [value];
  if (!Array.isArray(value)) return undefined;
  return value.slice(0, MAX_GROUPS).filter((group) => typeof group === 'string');
}

/** Returns the value at a path. A claim whose name is the whole path comes first: names may contain dots. */
function claimAt(claims: JWTPayload, path: string): unknown {
  if (Object.hasOwn(claims, path)) return claims[path];
  let value: unknown = claims;
  for (const name of segmentsOf(path)) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, name)) return undefined;
    value = (value as Readonly<Record<string, unknown>>)[name];
  }
  return value;
}

function segmentsOf(path: string): readonly string[] {
  if (!path.startsWith('/')) return path.split('.');
  return path
    .slice(1)
    .split('/')
    .map((segment) => segment.replaceAll('~1', '/').replaceAll('~0', '~'));
}

/** Entra ID replaces a long list of groups by a reference to it (OpenID Connect Core 5.6.2). */
function hasTooManyGroups(claims: JWTPayload, path: string): boolean {
  const { _claim_names: names, hasgroups } = claims;
  const [name = ''] = segmentsOf(path);
  return hasgroups === true || (typeof names === 'object' && names !== null && Object.hasOwn(names, name));
}
