import type { Permission } from '@medkit/contract';
import type { EntityLimits, EntityScope } from '@medkit/core';

/** The permissions of each role. */
export interface Roles {
  /** Names of all roles, built-in roles first. */
  readonly names: readonly string[];
  /** Returns the permissions of a role, always the same set; `undefined` if the role does not exist. */
  permissionsOf(role: string): ReadonlySet<Permission> | undefined;
  /** Returns the limits to entities of a role and of the roles that it extends, always the same list; none if empty. */
  scopesOf(role: string): EntityLimits;
}

/**
 * A role of the configuration: the role that it extends, additional permissions, and denied permissions, which take
 * precedence.
 */
export interface RoleDefinition {
  readonly extends?: string;
  readonly allow?: readonly string[];
  readonly deny?: readonly string[];
  /** Entities to which the role is limited, besides the limits of the role that it extends. */
  readonly scopes?: readonly EntityScope[];
}
