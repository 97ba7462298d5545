import type { Entity, EntityKind, EntityRef } from '../entity/entity.ts';
import type { EntityTree } from '../entity/tree.ts';

/** A field that names an entity which does not exist. The reference is kept: what it names may come later. */
export interface UnresolvedReference {
  readonly from: EntityRef;
  readonly field: string;
  readonly to: string;
}

/** The names of other entities in a field of one. */
export interface Reference {
  readonly field: string;
  readonly to: readonly string[];
  /** Kinds among which they may resolve. */
  readonly kinds: readonly EntityKind[];
}

/** Those of the references of entities that lead nowhere. */
export function unresolved(
  tree: EntityTree,
  entities: readonly { readonly entity: EntityRef; readonly references: readonly Reference[] }[],
): readonly UnresolvedReference[] {
  const found: UnresolvedReference[] = [];
  for (const { entity, references } of entities) {
    for (const { field, to, kinds } of references) {
      for (const id of to) {
        if (kinds.some((kind) => tree.get(kind, id))) continue;
        found.push({ from: { kind: entity.kind, id: entity.id }, field, to: id });
      }
    }
  }
  return found;
}

/** All that an entity names, whether it is there or not. */
export function referencesOf(entity: Entity): readonly Reference[] {
  const one = (field: string, to: string | undefined, kind: EntityKind): Reference[] =>
    to === undefined ? [] : [{ field, to: [to], kinds: [kind] }];
  const many = (field: string, to: readonly string[] | undefined, kinds: readonly EntityKind[]): Reference[] =>
    to === undefined || to.length === 0 ? [] : [{ field, to, kinds }];

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
