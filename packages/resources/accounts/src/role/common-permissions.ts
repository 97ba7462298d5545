import type { Permission } from '@medkit/contract';

/** Returns the permissions that all sets contain. */
export function commonPermissions(
  first: ReadonlySet<Permission>,
  ...others: readonly ReadonlySet<Permission>[]
): ReadonlySet<Permission> {
  return new Set([...first].filter((permission) => others.every((set) => set.has(permission))));
}
