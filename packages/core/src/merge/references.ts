import type { Entity, EntityKind, EntityLists, EntityRef } from '../entity/entity.ts';
import { ENTITY_KINDS, listOf } from '../entity/entity.ts';

/** A field that names an entity which does not exist. The reference is kept: what it names may come later. */
export interface UnresolvedReference {
  readonly from: EntityRef;
  readonly field: string;
  readonly to: string;
}

interface Reference {
  readonly field: string;
  readonly to: string;
  /** Kinds among which it may resolve. */
  readonly kinds: readonly EntityKind[];
}

/** References of `lists` that lead nowhere, in the order of kinds and ids. */
export function unresolvedReferences(lists: EntityLists): readonly UnresolvedReference[] {
  const known = new Map(ENTITY_KINDS.map((kind) => [kind, new Set(listOf(lists, kind).map(({ id }) => id))]));
  return ENTITY_KINDS.flatMap((kind) =>
    listOf(lists, kind).flatMap((entity) =>
      referencesOf(entity)
        .filter(({ to, kinds }) => !kinds.some((target) => known.get(target)?.has(to)))
        .map(({ field, to }) => ({ from: { kind, id: entity.id }, field, to })),
    ),
  );
}

function referencesOf(entity: Entity): readonly Reference[] {
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
