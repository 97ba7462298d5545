import { type Entity, LOCAL } from './entity.ts';

/**
 * Returns whether this gateway reports the entity. A local entity with the same name as one of another gateway is a
 * different entity.
 */
export function isLocal({ origin = LOCAL }: Pick<Entity, 'origin'>): boolean {
  return origin === LOCAL;
}
