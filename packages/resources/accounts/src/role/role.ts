import type { Permission } from '@medkit/contract';

/** The permissions of each role. */
export interface Roles {
  /** Names of all roles, built-in roles first. */
  readonly names: readonly string[];
  /** Returns the permissions of a role, always the same set; `undefined` if the role does not exist. */
  permissionsOf(role: string): ReadonlySet<Permission> | undefined;
}

/**
 * A role of the configuration: the role that it extends, additional permissions, and denied permissions, which take
 * precedence.
 */
export interface RoleDefinition {
  readonly extends?: string;
  readonly allow?: readonly string[];
  readonly deny?: readonly string[];
}
