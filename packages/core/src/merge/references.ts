import type { Entity, EntityKind, EntityRef } from '../entity/entity.ts';
import { ENTITY_KINDS } from '../entity/entity.ts';
import type { EntityTree } from '../entity/tree.ts';

/** A field that names an entity which does not exist. The reference is kept: what it names may come later. */
export interface UnresolvedReference {
  readonly from: EntityRef;
  readonly field: string;
  readonly to: string;
}

/** The name of another entity in a field of one. */
export interface Reference {
  readonly field: string;
  readonly to: string;
  /** Kinds among which it may resolve. */
  readonly kinds: readonly EntityKind[];
}

/** Those of the references of all entities that lead nowhere, in the order of kinds and ids. */
export function unresolved(
  tree: EntityTree,
  referencesFrom: (kind: EntityKind, id: string) => readonly Reference[] | undefined,
): readonly UnresolvedReference[] {
  const found: UnresolvedReference[] = [];
  for (const kind of ENTITY_KINDS) {
    for (const { id } of tree.all(kind)) {
      const references = referencesFrom(kind, id);
      if (!references || references.length === 0) continue;
      for (const { field, to, kinds } of references) {
        if (!kinds.some((target) => tree.get(target, to))) found.push({ from: { kind, id }, field, to });
      }
    }
  }
  return found;
}

/** All that an entity names, whether it is there or not. */
export function referencesOf(entity: Entity): readonly Reference[] {
  const one = (field: string, to: string | undefined, kind: EntityKind): Reference[] =>
    to === undefined ? [] : [{ field, to, kinds: [kind] }];
  const many = (field: string, ids: readonly string[] | undefined, kinds: readonly EntityKind[]): Reference[] =>
    (ids ?? []).map((to) => ({ field, to, kinds }));

  switch (entity.kind) {
    case 'area':
      return one('parentAreaId', entity.parentAreaId, 'area');
    case 'component':
      return [
        ...one('areaId', entity.areaId, 'area'),
        ...one('parentComponentId', entity.parentComponentId, 'component'),
        ...many('dependsOn', entity.dependsOn, ['component']),
      ];
    case 'app':
      return [...one('componentId', entity.componentId, 'component'), ...many('dependsOn', entity.dependsOn, ['app'])];
    case 'function':
      return [
        ...many('hosts', entity.hosts, ['app', 'component']),
        ...many('dependsOn', entity.dependsOn, ['function']),
      ];
  }
}
