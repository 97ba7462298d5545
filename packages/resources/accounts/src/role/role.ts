import type { Permission } from '@medkit/contract';

/** What may be done by whoever has a role. */
export interface Roles {
  /** The built-in ones first. */
  readonly names: readonly string[];
  /** The same set each time; `undefined` for a role that there is not. */
  permissionsOf(role: string): ReadonlySet<Permission> | undefined;
}

/** A role of one's own, as the configuration has it: what it allows besides another one, and what it denies, which wins. */
export interface RoleDefinition {
  readonly extends?: string;
  readonly allow?: readonly string[];
  readonly deny?: readonly string[];
}
