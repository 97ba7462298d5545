import type { Entity } from './entity.ts';

/** False for an entity that only other gateways tell of: what has its name here, if anything has, is another. */
export function isLocal({ contributors }: Pick<Entity, 'contributors'>): boolean {
  return contributors === undefined || contributors.includes('local');
}
