import type { Permission } from '@medkit/contract';

/** What all of the sets allow. */
export function commonPermissions(
  first: ReadonlySet<Permission>,
  ...others: readonly ReadonlySet<Permission>[]
): ReadonlySet<Permission> {
  return new Set([...first].filter((permission) => others.every((set) => set.has(permission))));
}
