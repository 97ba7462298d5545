import type { Entity, EntityTree, Model, Providers } from '@medkit/core';

/** A member of an entity together with the provider that serves one kind of its resources. */
export interface Owner<Name extends keyof Providers> {
  readonly entity: Entity;
  readonly runtime: string;
  readonly nativeId: string;
  readonly provider: NonNullable<Providers[Name]>;
}

/** Who has resources of this kind of an entity: itself, and for an aggregate its members. In the order of the tree. */
export function ownersOf<Name extends keyof Providers>(
  model: Model,
  entity: Entity,
  name: Name,
): readonly Owner<Name>[] {
  return model.tree.members(entity).flatMap((member): Owner<Name>[] => {
    if (!member.address) return [];
    const { runtime, nativeId } = member.address;
    const provider = model.provider(runtime)?.[name];
    return provider ? [{ entity: member, runtime, nativeId, provider }] : [];
  });
}

/** True for an entity whose resources are gathered from members: an area, a function, a component that holds others. */
export function isAggregate(tree: EntityTree, entity: Entity): boolean {
  if (entity.kind === 'app') return false;
  if (entity.kind !== 'component') return true;
  return tree.appsOn(entity.id).length > 0 || tree.subcomponents(entity.id).length > 0;
}
