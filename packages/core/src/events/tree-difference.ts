import { changedRows } from '../entity/changed-rows.ts';
import type { Entity, EntityRef } from '../entity/entity.ts';
import { ENTITY_KINDS } from '../entity/entity.ts';
import { isLocal } from '../entity/is-local.ts';
import type { EntityTree } from '../entity/tree.ts';
import type { EntitiesChanged, EntityRenamed } from './core-events.ts';

/** Compares a tree with a later one. Entities that did not change are the same objects in both. */
export function treeDifference(before: EntityTree, after: EntityTree): EntitiesChanged {
  const added: EntityRef[] = [];
  const removed: EntityRef[] = [];
  const changed: EntityRef[] = [];
  for (const kind of ENTITY_KINDS) {
    const old: readonly Entity[] = before.all(kind);
    const now: readonly Entity[] = after.all(kind);
    const { from, endBefore, end } = changedRows(old, now);
    // Both lists are sorted by id, so they can be compared side by side without lookups.
    let at = from;
    for (const entity of now.slice(from, end)) {
      const { id } = entity;
      for (; at < endBefore && old[at] !== entity && old[at].id < id; at++) removed.push({ kind, id: old[at].id });
      if (at === endBefore || old[at].id !== id) {
        added.push({ kind, id });
        continue;
      }
      if (old[at] !== entity) changed.push({ kind, id });
      at++;
    }
    for (; at < endBefore; at++) removed.push({ kind, id: old[at].id });
  }
  const renamed = renamedEntities(before, after, { added, removed, changed });
  return { generation: after.generation, added, removed, changed, ...(renamed.length > 0 && { renamed }) };
}

/**
 * Finds the entities of this gateway that have another id than before. The old id may be free, or another entity may
 * have it. State that clients stored under an id follows the entity of this gateway, even if an entity of another
 * gateway now has that id.
 */
function renamedEntities(
  before: EntityTree,
  after: EntityTree,
  { added, removed, changed }: Pick<EntitiesChanged, 'added' | 'removed' | 'changed'>,
): readonly EntityRenamed[] {
  if (removed.length + changed.length === 0) return [];
  const now = new Map<string, EntityRef>();
  for (const ref of [...added, ...changed]) {
    const key = addressKey(after, ref);
    if (key !== undefined) now.set(key, ref);
  }
  return [...removed, ...changed].flatMap(({ kind, id: from }): readonly EntityRenamed[] => {
    const key = addressKey(before, { kind, id: from });
    const to = key === undefined ? undefined : now.get(key)?.id;
    return to === undefined || to === from ? [] : [{ kind, from, to }];
  });
}

function addressKey(tree: EntityTree, { kind, id }: EntityRef): string | undefined {
  const entity = tree.get(kind, id);
  const address = entity && isLocal(entity) ? entity.address : undefined;
  return address && JSON.stringify([kind, address.runtime, address.nativeId]);
}
