import { globs } from '@medkit/core/discovery';

/** Whether a filter of entities, as manifests have them, names one such as `apps/lidar_driver`; an empty one names all. */
export function namesOwner(filter: readonly string[], owner: string): boolean {
  if (filter.length === 0) return true;
  const fits = globs(filter);
  return fits(owner) || fits(owner.slice(owner.indexOf('/') + 1));
}
