import type { Area, Entity, EntityRef, EntityTree } from '@medkit/core';

/** An entity by kind and id, in one word. */
export function keyOf({ kind, id }: EntityRef): string {
  return `${kind}/${id}`;
}

const reachByTree = new WeakMap<EntityTree, Map<string, ReadonlySet<string>>>();

/**
 * The keys of everything that a lock of this entity closes: the entity, and what it contains at any depth or hosts; nothing
 * while there is no such entity. Made once for each tree.
 */
export function reachOf(tree: EntityTree, ref: EntityRef): ReadonlySet<string> {
  const known = reachByTree.get(tree) ?? new Map<string, ReadonlySet<string>>();
  reachByTree.set(tree, known);
  const key = keyOf(ref);
  const made = known.get(key) ?? new Set(contentsOf(tree, tree.get(ref.kind, ref.id)).map(keyOf));
  known.set(key, made);
  return made;
}

/** An entity with all that lies below it. */
export function contentsOf(tree: EntityTree, entity: Entity | undefined): readonly Entity[] {
  if (!entity) return [];
  const areas = entity.kind === 'area' ? areasBelow(tree, entity) : [];
  return [...new Set([entity, ...areas, ...tree.members(entity)])];
}

function areasBelow(tree: EntityTree, area: Area): readonly Area[] {
  const found = new Set([area]);
  // A Set yields what is added while it is walked; areas that form a circle end it.
  for (const { id } of found) for (const child of tree.subareas(id)) found.add(child);
  return [...found];
}

/** The collections that an entity with members has of them: a change of one is a change of theirs. */
const OF_MEMBERS: ReadonlySet<string> = new Set(['data', 'operations', 'configurations', 'faults']);

/**
 * The entities that a change touches: the one that it is asked of and, where the collection is that of its members, the
 * member that `item` names as `<member>:<name>`, or all of them where it names none.
 */
export function touchedBy(tree: EntityTree, entity: Entity, collection: string, item: string): readonly Entity[] {
  if (entity.kind === 'app' || !OF_MEMBERS.has(collection)) return [entity];
  const memberId = item.slice(0, Math.max(0, item.indexOf(':')));
  const named = tree.members(entity).filter((member) => member !== entity && member.id === memberId);
  return named.length > 0 ? [entity, ...named] : contentsOf(tree, entity);
}
