import { type Entity, LOCAL } from './entity.ts';

/** False for an entity that only other gateways tell of: what has its name here, if anything has, is another. */
export function isLocal({ origin = LOCAL }: Pick<Entity, 'origin'>): boolean {
  return origin === LOCAL;
}
