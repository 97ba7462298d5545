import { globs, type ManagedScript } from '@medkit/core';

/** Whether a script is for an entity, such as `apps/lidar_driver`. */
export function isFor({ entityFilter }: ManagedScript, owner: string): boolean {
  if (entityFilter.length === 0) return true;
  const fits = globs(entityFilter);
  return fits(owner) || fits(owner.slice(owner.indexOf('/') + 1));
}
