import { globs } from '@medkit/core/discovery';

/**
 * Returns whether an entity filter of a manifest matches an entity such as `apps/lidar_driver`; an empty filter matches
 * all.
 */
export function matchesOwner(filter: readonly string[], owner: string): boolean {
  if (filter.length === 0) return true;
  const fits = globs(filter);
  return fits(owner) || fits(owner.slice(owner.indexOf('/') + 1));
}
