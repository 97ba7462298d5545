import type { Entity, EntityKind, EntityRef } from '../entity/entity.ts';
import type { EntityTree } from '../entity/tree.ts';

/**
 * A field that refers to an entity that does not exist. The reference is preserved because the entity may appear later.
 */
export interface UnresolvedReference {
  readonly from: EntityRef;
  readonly field: string;
  readonly to: string;
}

/** The ids of other entities in one field. */
export interface Reference {
  readonly field: string;
  readonly to: readonly string[];
  /** Kinds that the ids may belong to. */
  readonly kinds: readonly EntityKind[];
}

const NONE: readonly UnresolvedReference[] = [];

/** Returns the references of an entity that do not resolve. */
export function unresolved(
  tree: EntityTree,
  { kind, id }: EntityRef,
  references: readonly Reference[],
): readonly UnresolvedReference[] {
  let found: UnresolvedReference[] | undefined;
  for (const { field, to, kinds } of references) {
    for (const named of to) {
      if (kinds.some((other) => tree.get(other, named))) continue;
      found ??= [];
      found.push({ from: { kind, id }, field, to: named });
    }
  }
  return found ?? NONE;
}

/** Returns whether one of `references` names an entity in `ids`, which are grouped by kind. */
export function hasReferenceTo(
  ids: ReadonlyMap<EntityKind, ReadonlySet<string>>,
  references: readonly Reference[],
): boolean {
  for (const { to, kinds } of references) {
    for (const kind of kinds) {
      const among = ids.get(kind);
      if (among && to.some((id) => among.has(id))) return true;
    }
  }
  return false;
}

/** Returns all references of an entity, whether or not their targets exist. */
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
