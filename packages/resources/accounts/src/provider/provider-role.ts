import type { JWTPayload } from 'jose';
import { type Refusal, refused } from '../credential/refusal.ts';
import type { Roles } from '../role/role.ts';
import type { ProviderOptions } from './provider.ts';

/** Maximum groups of an account that are read. Entra ID lists at most 200, others list all. */
const MAX_GROUPS = 2000;

/**
 * Returns the role of an account by the groups in its claims. Of several roles, the one with the most permissions
 * applies. Returns the reason if no group has a role: such an account has no access, not even as a viewer.
 */
export function providerRole(
  claims: JWTPayload,
  { roleClaim, roleMap }: Pick<ProviderOptions, 'roleClaim' | 'roleMap'>,
  roles: Roles,
): string | Refusal {
  const groups = groupsIn(claims, roleClaim);
  if (groups === undefined) return refused(hasTooManyGroups(claims, roleClaim) ? 'too-many-groups' : 'no-role');
  const size = (role: string): number => roles.permissionsOf(role)?.size ?? -1;
  let highest: string | undefined;
  for (const group of groups) {
    const role = roleMap.get(group.normalize('NFC'));
    if (role !== undefined && (highest === undefined || size(role) > size(highest))) highest = role;
  }
  return highest ?? refused('no-role');
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
