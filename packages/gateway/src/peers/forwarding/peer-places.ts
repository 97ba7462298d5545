import { type Entity, LOCAL, type Model } from '@medkit/core';
import type { Owner } from '@medkit/services';

/** An entity at the gateway that has it, and the way there. */
export type Place = Owner<'forwarding'>;

/** Somebody at another gateway who has a part of what is asked of all: an entity, or the gateway as a whole. */
export type PartPlace = Pick<Place, 'runtime' | 'origin' | 'nativeId' | 'provider'> & {
  readonly entity: Pick<Entity, 'id' | 'available'>;
};

/** The gateways themselves. */
export function peerPlaces(model: Pick<Model, 'runtimes' | 'provider' | 'originOf'>): readonly PartPlace[] {
  return model.runtimes.flatMap((runtime): PartPlace[] => {
    const provider = model.provider(runtime)?.forwarding;
    const origin = model.originOf(runtime) ?? LOCAL;
    return provider ? [{ runtime, origin, nativeId: '', provider, entity: { id: runtime } }] : [];
  });
}

/** The entity of a place; `undefined` where that is a gateway as a whole. */
export function entityAt(place: PartPlace | Place | undefined): Entity | undefined {
  return place && 'kind' in place.entity ? place.entity : undefined;
}
