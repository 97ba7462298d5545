import { type Area, type Entity, type EntityRef, type EntityTree, onceFor } from '@medkit/core';

/** An entity by kind and id, in one word. */
export function keyOf({ kind, id }: EntityRef): string {
  return `${kind}/${id}`;
}

const reachByTree = onceFor((_tree: EntityTree) => new Map<string, ReadonlySet<string>>());

/**
 * The keys of everything that belongs to an entity: itself, and what it contains at any depth or hosts; nothing while there
 * is no such entity. Made once for each tree.
 */
export function reachOf(tree: EntityTree, ref: EntityRef): ReadonlySet<string> {
  const known = reachByTree(tree);
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
