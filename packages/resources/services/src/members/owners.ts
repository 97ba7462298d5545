import { SovdError } from '@medkit/contract';
import {
  ENTITY_KINDS,
  type Entity,
  type EntityTree,
  LOCAL,
  type Model,
  type Origin,
  onceFor,
  type Providers,
} from '@medkit/core';

/** A member of an entity together with the provider that serves one kind of its resources. */
export interface Owner<Name extends keyof Providers> {
  readonly entity: Entity;
  readonly runtime: string;
  /** The gateway that it is at. */
  readonly origin: Origin;
  readonly nativeId: string;
  readonly provider: NonNullable<Providers[Name]>;
}

/**
 * Who has resources of this kind of an entity: itself, and for an aggregate its members, in the order of the tree. Of those
 * who tell of one member, at each gateway the first that has some has them all.
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

/** Who has resources of this kind of an entity itself, whatever its members have: those of this gateway first. */
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

/** A runtime that keeps something of all entities of its gateway. */
export type Keeper<Name extends keyof Providers> = Pick<Owner<Name>, 'runtime' | 'origin' | 'provider'>;

/** The runtimes that keep faults, or logs, in the order in which they came; the same list until a runtime comes or goes. */
export function keepersOf<Name extends 'faults' | 'logs'>(
  model: Pick<Model, 'runtimes' | 'provider' | 'originOf'>,
  name: Name,
): readonly Keeper<Name>[] {
  const known = keepers[name].get(model.runtimes);
  if (known) return known;
  const found = model.runtimes.flatMap((runtime): Keeper<Name>[] => {
    const provider = model.provider(runtime)?.[name];
    return provider ? [{ runtime, origin: model.originOf(runtime) ?? LOCAL, provider }] : [];
  });
  keepers[name].set(model.runtimes, found);
  return found;
}

/** By the list of names of the runtimes, which every model has for itself. */
const keepers: { readonly [Name in 'faults' | 'logs']: WeakMap<readonly string[], readonly Keeper<Name>[]> } = {
  faults: new WeakMap(),
  logs: new WeakMap(),
};

/** Of `owners` those that are the member which a client names. Throws `resource-not-found` where there is no such member. */
export function ownersNamed<Name extends keyof Providers>(
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

/** True for an entity whose resources are gathered from members: an area, a function, a component that holds others. */
export function isAggregate(tree: EntityTree, entity: Entity): boolean {
  if (entity.kind === 'app') return false;
  if (entity.kind !== 'component') return true;
  return tree.appsOn(entity.id).length > 0 || tree.subcomponents(entity.id).length > 0;
}

/** The entities that a runtime knows by a native id. */
export function entitiesAt(tree: EntityTree, runtime: string, nativeId: string): readonly Entity[] {
  return byAddress(tree).get(`${runtime} ${nativeId}`) ?? [];
}

const byAddress = onceFor((tree: EntityTree): ReadonlyMap<string, readonly Entity[]> => {
  const all = ENTITY_KINDS.flatMap((kind): readonly Entity[] => tree.all(kind));
  const addressed = all.flatMap((entity) => (entity.addresses ?? []).map((address) => ({ entity, ...address })));
  const groups = Map.groupBy(addressed, ({ runtime, nativeId }) => `${runtime} ${nativeId}`);
  return new Map([...groups].map(([key, group]) => [key, group.map(({ entity }) => entity)]));
});
