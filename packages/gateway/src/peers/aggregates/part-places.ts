import { type Entity, isLocal, LOCAL, type Model } from '@medkit/core';
import { placesOf } from '@medkit/entities';
import { entityAt, type PartPlace, type Place } from '../forwarding/peer-places.ts';

/** Returns the places on peers that have a part of an entity: the entity itself, otherwise its members. */
export function partPlaces(model: Model, entity: Entity): readonly Place[] {
  const direct = placesOf(model, entity, 'forwarding');
  const known = new Set(direct.map(({ runtime }) => runtime));
  const members = model.tree.members(entity).filter(({ id, kind }) => kind !== entity.kind || id !== entity.id);
  const places = members.flatMap((member) => placesOf(model, member, 'forwarding'));
  return [...direct, ...outermost(places.filter(({ runtime }) => !known.has(runtime)))];
}

/** Removes places that another place on the same gateway contains: a component includes its apps. */
function outermost(places: readonly Place[]): readonly Place[] {
  const keyOf = (runtime: string, id: string | undefined) => `${runtime} ${id}`;
  const components = new Map(
    places.flatMap((place) =>
      place.entity.kind === 'component' ? [[keyOf(place.runtime, place.entity.id), place] as const] : [],
    ),
  );
  const containerOf = ({ runtime, entity }: Place): Place | undefined => {
    if (entity.kind === 'app') return components.get(keyOf(runtime, entity.componentId));
    return entity.kind === 'component' ? components.get(keyOf(runtime, entity.parentComponentId)) : undefined;
  };
  return places.filter((place) => {
    const seen = new Set([place]);
    for (let above = containerOf(place); above; above = containerOf(above)) {
      if (seen.has(above)) return true;
      seen.add(above);
    }
    return seen.size === 1;
  });
}

/**
 * Returns a function that finds the only app of an aggregate on a gateway, to which items without a member name belong.
 * Without a place, on this gateway. Computed at the first call.
 */
export function onlyApps(
  { tree }: Pick<Model, 'tree'>,
  entity: Entity,
): (place: PartPlace | undefined) => string | undefined {
  let byRuntime: ReadonlyMap<string, readonly string[]> | undefined;
  return (place) => {
    const there = entityAt(place);
    if (there?.kind === 'app') return there.id;
    const isPart = there !== undefined && there.id !== entity.id;
    if (!isPart) byRuntime ??= appsByRuntime(tree.members(entity));
    const apps = isPart ? appsByRuntime(tree.members(there)) : byRuntime;
    const [app, ...others] = apps?.get(place?.runtime ?? LOCAL) ?? [];
    return others.length === 0 ? app : undefined;
  };
}

/** Returns the ids of apps by the runtimes of their peers, and those of this gateway. */
function appsByRuntime(members: readonly Entity[]): ReadonlyMap<string, readonly string[]> {
  const found = new Map<string, string[]>();
  for (const member of members) {
    if (member.kind !== 'app') continue;
    const runtimes = isLocal(member) ? [LOCAL] : (member.addresses ?? []).map(({ runtime }) => runtime);
    for (const runtime of new Set(runtimes)) {
      const apps = found.get(runtime);
      if (apps) apps.push(member.id);
      else found.set(runtime, [member.id]);
    }
  }
  return found;
}
