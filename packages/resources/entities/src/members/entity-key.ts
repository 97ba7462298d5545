import { type Area, type Entity, type EntityRef, type EntityTree, memoizeByObject } from '@medkit/core';

/** Returns a map key for an entity. */
export function entityKey({ kind, id }: EntityRef): string {
  return `${kind}/${id}`;
}

const reachByTree = memoizeByObject((_tree: EntityTree) => new Map<string, ReadonlySet<string>>());

/**
 * Returns the keys of an entity and of all that it contains or hosts, at any depth; empty if the entity does not exist.
 * Cached per tree.
 */
export function subtreeKeys(tree: EntityTree, ref: EntityRef): ReadonlySet<string> {
  const known = reachByTree(tree);
  const key = entityKey(ref);
  const made = known.get(key) ?? new Set(subtree(tree, tree.get(ref.kind, ref.id)).map(entityKey));
  known.set(key, made);
  return made;
}

/** Returns an entity with everything below it. */
export function subtree(tree: EntityTree, entity: Entity | undefined): readonly Entity[] {
  if (!entity) return [];
  const areas = entity.kind === 'area' ? areasBelow(tree, entity) : [];
  return [...new Set([entity, ...areas, ...tree.members(entity)])];
}

function areasBelow(tree: EntityTree, area: Area): readonly Area[] {
  const found = new Set([area]);
  // Iterating a Set includes entries added meanwhile; a cycle of areas ends it.
  for (const { id } of found) for (const child of tree.subareas(id)) found.add(child);
  return [...found];
}
