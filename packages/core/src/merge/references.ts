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

const NONE: readonly UnresolvedReference[] = [];

/** Those of the references of an entity that lead nowhere. */
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

/** Whether one of `references` names an entity among `ids`, which are given by kind. */
export function namesOneOf(
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
