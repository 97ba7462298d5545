import type { EntitiesChanged } from '../events/core-events.ts';
import type { Entity, EntityRef } from './entity.ts';
import { ENTITY_KINDS } from './entity.ts';
import type { EntityTree } from './tree.ts';

/** What leads from one tree to a later one, whose entities are the same objects where nothing changed. */
export function treeDifference(before: EntityTree, after: EntityTree): EntitiesChanged {
  const added: EntityRef[] = [];
  const removed: EntityRef[] = [];
  const changed: EntityRef[] = [];
  for (const kind of ENTITY_KINDS) {
    // Both lists are in the order of ids: side by side nothing has to be looked up.
    const old: readonly Entity[] = before.all(kind);
    let at = 0;
    for (const entity of after.all(kind)) {
      const { id } = entity;
      for (; at < old.length && old[at] !== entity && old[at].id < id; at++) removed.push({ kind, id: old[at].id });
      if (old[at]?.id !== id) {
        added.push({ kind, id });
        continue;
      }
      if (old[at] !== entity) changed.push({ kind, id });
      at++;
    }
    for (; at < old.length; at++) removed.push({ kind, id: old[at].id });
  }
  return { generation: after.generation, added, removed, changed };
}
