import { type Entity, LOCAL, type Model } from '@medkit/core';
import type { Owner } from '@medkit/entities';

/** An entity on its gateway, and how to reach it. */
export type Place = Owner<'forwarding'>;

/** A place on a peer for a list over all gateways: an entity, or the peer as a whole. */
export type PartPlace = Pick<Place, 'runtime' | 'origin' | 'nativeId' | 'provider'> & {
  readonly entity: Pick<Entity, 'id' | 'available'>;
};

/** Returns the peers themselves. */
export function peerPlaces(model: Pick<Model, 'runtimes' | 'provider' | 'originOf'>): readonly PartPlace[] {
  return model.runtimes.flatMap((runtime): PartPlace[] => {
    const provider = model.provider(runtime)?.forwarding;
    const origin = model.originOf(runtime) ?? LOCAL;
    return provider ? [{ runtime, origin, nativeId: '', provider, entity: { id: runtime } }] : [];
  });
}

/** Returns the entity of a place; `undefined` for a peer as a whole. */
export function entityAt(place: PartPlace | Place | undefined): Entity | undefined {
  return place && 'kind' in place.entity ? place.entity : undefined;
}
