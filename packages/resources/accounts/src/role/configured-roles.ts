import type { Permission } from '@medkit/contract';
import type { EntityLimits } from '@medkit/core';
import { InvalidRole, UnknownRole } from '../refusals.ts';
import { BUILT_IN_ROLES, REFERENCE_ROLES } from './built-in-roles.ts';
import { checkScopes } from './check-scopes.ts';
import { describeUnknown, knownPermission } from './known-permission.ts';
import type { RoleDefinition, Roles } from './role.ts';

/** Maximum roles of the configuration. */
const MAX_ROLES = 100;
/** Maximum length of a chain of roles that extend each other, up to a built-in role. */
const MAX_CHAIN = 8;
const ROLE_NAME = /^[a-z][a-z0-9_-]{0,31}$/;

export interface RolesOptions {
  /** Uses the built-in roles of ros2_medkit. */
  readonly compat?: boolean;
}

/**
 * Returns the built-in roles and those of the configuration, whose order does not matter. Throws `InvalidRole`,
 * `UnknownRole` or `UnknownPermission`, each with the name of the role.
 */
export function rolesOf(
  definitions: Readonly<Record<string, RoleDefinition>> = {},
  { compat = false }: RolesOptions = {},
): Roles {
  const sets = new Map<string, ReadonlySet<Permission>>();
  const limits = new Map<string, EntityLimits>();
  for (const [name, permissions] of Object.entries(compat ? REFERENCE_ROLES : BUILT_IN_ROLES)) {
    sets.set(name, withSelf(permissions));
  }
  const builtIn = new Set(sets.keys());
  const custom = new Map(Object.entries(definitions));
  if (custom.size > MAX_ROLES) throw new InvalidRole(`there are ${custom.size} roles; the maximum is ${MAX_ROLES}`);
  const names = [...builtIn, ...custom.keys()];

  const permissionsOf = (name: string, chain: readonly string[]): ReadonlySet<Permission> => {
    const known = sets.get(name);
    if (known) return known;
    const way = [...chain, name];
    const definition = custom.get(name);
    if (!definition) throw new UnknownRole(`the role ${chain.at(-1)} extends the role ${describeUnknown(name, names)}`);
    if (chain.includes(name)) throw new InvalidRole(`the roles ${way.join(' → ')} extend each other in a cycle`);
    if (chain.length >= MAX_CHAIN) {
      throw new InvalidRole(`the roles ${way.join(' → ')} form a chain that is too long: the maximum is ${MAX_CHAIN}`);
    }
    const { extends: base, allow = [], deny = [], scopes = [] } = definition;
    const permissions = new Set(base === undefined ? [] : permissionsOf(base, way));
    checkScopes(scopes, `the role ${name}`);
    limits.set(name, [...(limits.get(base ?? '') ?? []), ...(scopes.length > 0 ? [scopes] : [])]);
    for (const permission of allow) permissions.add(knownPermission(permission, `the role ${name}`));
    for (const permission of deny) permissions.delete(knownPermission(permission, `the role ${name}`));
    const set = withSelf(permissions);
    sets.set(name, set);
    return set;
  };

  for (const name of custom.keys()) {
    if (builtIn.has(name)) throw new InvalidRole(`the role ${name} is built in: choose another name`);
    if (!ROLE_NAME.test(name)) {
      throw new InvalidRole(
        `${JSON.stringify(name)} is not a valid role name: use a letter, then up to 31 of a-z 0-9 _ -`,
      );
    }
    permissionsOf(name, []);
  }
  return { names, permissionsOf: (role) => sets.get(role), scopesOf: (role) => limits.get(role) ?? NO_LIMITS };
}

const NO_LIMITS: EntityLimits = [];

/** Adds `self`: every principal may see its own identity, which no role can deny. */
const withSelf = (permissions: Iterable<Permission>): ReadonlySet<Permission> => new Set([...permissions, 'self']);
