import { SovdError } from '@medkit/contract';
import {
  ENTITY_KINDS,
  type Entity,
  type EntityTree,
  LOCAL,
  type Model,
  memoizeByObject,
  type Origin,
  type Providers,
} from '@medkit/core';

/** A member of an entity together with the provider that serves one kind of its resources. */
export interface Owner<Name extends keyof Providers> {
  readonly entity: Entity;
  readonly runtime: string;
  /** The gateway of the owner. */
  readonly origin: Origin;
  readonly nativeId: string;
  readonly provider: NonNullable<Providers[Name]>;
}

/**
 * Returns the owners of an entity's resources of one kind: the entity itself, and for an aggregate its members, in tree
 * order. If several runtimes of one gateway serve a member, only the first of them counts.
 */
export function ownersOf<Name extends keyof Providers>(
  model: Model,
  entity: Entity,
  name: Name,
): readonly Owner<Name>[] {
  return model.tree.members(entity).flatMap((member): readonly Owner<Name>[] => {
    const owners = placesOf(model, member, name);
    if (owners.length < 2) return owners;
    return owners.filter(({ origin }, at) => owners.findIndex((owner) => owner.origin === origin) === at);
  });
}

/** Returns the owners of an entity's own resources of one kind, not of its members; those of this gateway first. */
export function placesOf<Name extends keyof Providers>(
  model: Pick<Model, 'provider' | 'originOf'>,
  entity: Entity,
  name: Name,
): readonly Owner<Name>[] {
  const owners: Owner<Name>[] = [];
  for (const { runtime, nativeId, withheld } of entity.addresses ?? []) {
    const provider = model.provider(runtime)?.[name];
    if (!provider || withheld?.some((withheldName) => withheldName === name)) continue;
    owners.push({ entity, runtime, origin: model.originOf(runtime) ?? LOCAL, nativeId, provider });
  }
  if (owners.length < 2) return owners;
  return [...owners.filter(({ origin }) => origin === LOCAL), ...owners.filter(({ origin }) => origin !== LOCAL)];
}

/** A runtime that stores something for all entities of its gateway. */
export type StoringRuntime<Name extends keyof Providers> = Pick<Owner<Name>, 'runtime' | 'origin' | 'provider'>;

/**
 * Returns the runtimes that store faults or logs, in the order of their registration. Returns the same list until the
 * runtimes change.
 */
export function storingRuntimes<Name extends 'faults' | 'logs'>(
  model: Pick<Model, 'runtimes' | 'provider' | 'originOf'>,
  name: Name,
): readonly StoringRuntime<Name>[] {
  const known = keepers[name].get(model.runtimes);
  if (known) return known;
  const found = model.runtimes.flatMap((runtime): StoringRuntime<Name>[] => {
    const provider = model.provider(runtime)?.[name];
    return provider ? [{ runtime, origin: model.originOf(runtime) ?? LOCAL, provider }] : [];
  });
  keepers[name].set(model.runtimes, found);
  return found;
}

/** Cache by the list of runtime names, which is unique to each model. */
const keepers: { readonly [Name in 'faults' | 'logs']: WeakMap<readonly string[], readonly StoringRuntime<Name>[]> } = {
  faults: new WeakMap(),
  logs: new WeakMap(),
};

/** Returns the owners that belong to the named member. Throws `resource-not-found` if there is no such member. */
export function ownersOfMember<Name extends keyof Providers>(
  { tree }: Pick<Model, 'tree'>,
  entity: Entity,
  memberId: string,
  owners: readonly Owner<Name>[],
): readonly Owner<Name>[] {
  if (!tree.members(entity).some(({ id }) => id === memberId)) {
    throw new SovdError({
      code: 'resource-not-found',
      message: 'Member not found in entity',
      parameters: { member_id: memberId },
    });
  }
  return owners.filter((owner) => owner.entity.id === memberId);
}

/**
 * Returns whether an entity's resources are merged from members: an area, a function, a component with apps or
 * subcomponents.
 */
export function isAggregate(tree: EntityTree, entity: Entity): boolean {
  if (entity.kind === 'app') return false;
  if (entity.kind !== 'component') return true;
  return tree.appsOn(entity.id).length > 0 || tree.subcomponents(entity.id).length > 0;
}

/** Returns the entities with this native id in a runtime. */
export function entitiesAt(tree: EntityTree, runtime: string, nativeId: string): readonly Entity[] {
  return byAddress(tree).get(`${runtime} ${nativeId}`) ?? [];
}

const byAddress = memoizeByObject((tree: EntityTree): ReadonlyMap<string, readonly Entity[]> => {
  const all = ENTITY_KINDS.flatMap((kind): readonly Entity[] => tree.all(kind));
  const addressed = all.flatMap((entity) => (entity.addresses ?? []).map((address) => ({ entity, ...address })));
  const groups = Map.groupBy(addressed, ({ runtime, nativeId }) => `${runtime} ${nativeId}`);
  return new Map([...groups].map(([key, group]) => [key, group.map(({ entity }) => entity)]));
});
