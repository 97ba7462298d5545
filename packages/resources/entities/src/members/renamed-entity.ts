import { type EntityRef, type EntityRenamed, type EntityTree, isLocal } from '@medkit/core';

/**
 * Returns the change of id of an entity with stored objects, or `undefined` if its id is unchanged. The tree names the
 * change in `renamed`. If the change happened while the gateway was off, the stored id is an earlier id of the entity.
 */
export function renamedEntity(
  tree: EntityTree,
  { kind, id }: EntityRef,
  renamed: readonly EntityRenamed[] = [],
): EntityRenamed | undefined {
  const change = renamed.find((each) => each.kind === kind && each.from === id);
  if (change || tree.get(kind, id)) return change;
  const found = tree.resolve(kind, id);
  if (!found || !isLocal(found) || !found.aliases?.includes(id) || isOtherSpelling(found.id, id)) return undefined;
  return { kind, from: id, to: found.id };
}

/** Each id has its other spelling as an alias. That spelling may be the id of another, currently absent entity. */
function isOtherSpelling(a: string, b: string): boolean {
  return a.replaceAll('-', '_') === b.replaceAll('-', '_');
}
