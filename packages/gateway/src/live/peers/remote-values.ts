import { type Entity, isLocal, type Model } from '@medkit/core';
import type { Clock, Random } from '@medkit/edges';
import { placesOf } from '@medkit/entities';
import { partPlaces } from '../../peers/aggregates/part-places.ts';
import type { Place } from '../../peers/forwarding/peer-places.ts';
import type { Revisions } from '../followed-value.ts';
import type { ValueLocation } from '../live-value.ts';
import type { RemoteValues } from '../live-values.ts';
import type { WatchedValue } from '../watch-list.ts';
import { PeerValues } from './peer-values.ts';

export interface RemoteValuesOptions {
  readonly model: Model;
  readonly clock: Clock;
  readonly random: Pick<Random, 'float'>;
  readonly revisions: Revisions;
}

/** Values of entities on peers: one or a few streams for each peer serve all clients. */
export function remoteValues({ model, clock, random, revisions }: RemoteValuesOptions): RemoteValues {
  const gateways = new Map<string, PeerValues>();
  const valuesOf = (runtime: string): PeerValues => {
    const known = gateways.get(runtime);
    if (known) return known;
    const onIdle = (): void => {
      if (gateways.get(runtime) === values) gateways.delete(runtime);
    };
    const values = new PeerValues({ model, clock, random, revisions, runtime, onIdle });
    gateways.set(runtime, values);
    return values;
  };
  const placeAt = ({ runtime, nativeId }: Place, item: string, pointer: string | undefined): ValueLocation => {
    const name = `${nativeId}/data/${encodedPath(item)}${pointer === undefined ? '' : `:${encodedPath(pointer)}`}`;
    return {
      key: `${runtime} ${name}`,
      follow: (periodMs, changed) => valuesOf(runtime).follow(name, periodMs, changed),
    };
  };
  return {
    placesOf: (watched) => {
      const entity = model.tree.resolve(watched.kind, watched.entityId);
      if (!entity) return { isHere: true, places: [] };
      const named = memberAt(model, entity, watched);
      if (named) return { isHere: false, places: [placeAt(named.place, named.item, watched.pointer)] };
      const places = partPlaces(model, entity).map((place) => placeAt(place, watched.item, watched.pointer));
      return { isHere: isLocal(entity), places };
    },
  };
}

/** Resolves an item `member:item` of a member on a peer to its place and the item there. */
function memberAt(
  model: Model,
  entity: Entity,
  { item }: WatchedValue,
): { readonly place: Place; readonly item: string } | undefined {
  const [, name, itemId] = /^([\w-]+):(.+)$/s.exec(item) ?? [];
  if (name === undefined || itemId === undefined || name === entity.id) return undefined;
  const member = model.tree.members(entity).find(({ id }) => id === name);
  const place = member && !isLocal(member) ? placesOf(model, member, 'forwarding')[0] : undefined;
  return place && { place, item: itemId };
}

/** Percent-encodes a path for a URL; a comma would separate values, and a colon the field. */
function encodedPath(path: string): string {
  return path.split('/').map(encodeURIComponent).join('/');
}
