import type { Entity, EntityTree } from '@medkit/core';
import { subtree } from '../members/entity-key.ts';

/** Collections of an entity that are merged from its members: a change of the collection changes the members. */
const OF_MEMBERS: ReadonlySet<string> = new Set(['data', 'operations', 'configurations', 'faults']);

/**
 * Returns the entities that a change touches. This is the addressed entity. For a merged collection it is the member
 * named in `item` as `<member>:<name>`, or all members if `item` names none.
 */
export function affectedEntities(
  tree: EntityTree,
  entity: Entity,
  collection: string,
  item: string,
): readonly Entity[] {
  if (entity.kind === 'app' || !OF_MEMBERS.has(collection)) return [entity];
  const memberId = item.slice(0, Math.max(0, item.indexOf(':')));
  const named = tree.members(entity).filter((member) => member !== entity && member.id === memberId);
  return named.length > 0 ? named : subtree(tree, entity);
}
