import type { DataProvider, Entity, EntityTree, Model } from '@medkit/core';

/** A member of an entity together with the provider that serves its data. */
export interface DataOwner {
  readonly entity: Entity;
  readonly runtime: string;
  readonly nativeId: string;
  readonly provider: DataProvider;
}

/** Who has data of an entity: itself, and for an aggregate its members. In the order of the tree's members. */
export function ownersOf(model: Model, entity: Entity): readonly DataOwner[] {
  return model.tree.members(entity).flatMap((member): DataOwner[] => {
    if (!member.address) return [];
    const { runtime, nativeId } = member.address;
    const provider = model.provider(runtime)?.data;
    return provider ? [{ entity: member, runtime, nativeId, provider }] : [];
  });
}

/** True for an entity whose data is gathered from members: an area, a function, a component that holds others. */
export function isAggregate(tree: EntityTree, entity: Entity): boolean {
  if (entity.kind === 'app') return false;
  if (entity.kind !== 'component') return true;
  return tree.appsOn(entity.id).length > 0 || tree.subcomponents(entity.id).length > 0;
}
