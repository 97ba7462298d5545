import type { Entity, EntityTree } from '@medkit/core';
import { contentsOf } from '../members/reach.ts';

/** The collections that an entity with members has of them: a change of one is a change of theirs. */
const OF_MEMBERS: ReadonlySet<string> = new Set(['data', 'operations', 'configurations', 'faults']);

/**
 * The entities that a change touches: the one that it is asked of; where the collection is that of its members, the member
 * that `item` names as `<member>:<name>`, or all of them where it names none.
 */
export function touchedBy(tree: EntityTree, entity: Entity, collection: string, item: string): readonly Entity[] {
  if (entity.kind === 'app' || !OF_MEMBERS.has(collection)) return [entity];
  const memberId = item.slice(0, Math.max(0, item.indexOf(':')));
  const named = tree.members(entity).filter((member) => member !== entity && member.id === memberId);
  return named.length > 0 ? named : contentsOf(tree, entity);
}
