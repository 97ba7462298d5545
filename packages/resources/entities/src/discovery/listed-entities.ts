import { SovdError } from '@medkit/contract';
import { ENTITY_KINDS, type Entity, type EntityTree, isLocal } from '@medkit/core';

/**
 * Returns the local entities that a robot-wide list covers: all, or the entity with this id (of any kind) and its
 * members. Throws `entity-not-found` if no entity has the id.
 */
export function listedEntities(tree: EntityTree, id: string | undefined): readonly Entity[] {
  const all = ENTITY_KINDS.flatMap((kind) => tree.all(kind) as readonly Entity[]);
  if (!id) return all.filter(isLocal);
  const named = ENTITY_KINDS.flatMap((kind): Entity | readonly Entity[] => tree.resolve(kind, id) ?? []);
  if (named.length === 0) throw new SovdError({ code: 'entity-not-found', parameters: { entity_id: id } });
  const included = new Set(named.flatMap((entity) => [entity, ...tree.members(entity)]));
  return all.filter((entity) => included.has(entity) && isLocal(entity));
}
