import { SovdError } from '@medkit/contract';
import { type Entity, isLocal, LOCAL, type Model } from '@medkit/core';
import { keepersOf, ownersOf, placesOf } from './owners.ts';

/**
 * Whether a collection of an entity is served here: what a runtime has of it by that runtime, and what none has by the gateway
 * that the entity is of. This one does that for its own entities; of those of another gateway, which tells nothing here of
 * its locks, triggers and subscriptions, only what its runtime has.
 */
export function isServed(model: Model, entity: Entity, collection: string): boolean {
  // A gateway that answers whole requests says itself what it has.
  if (isLocal(entity) || placesOf(model, entity, 'forwarding').length > 0) return true;
  switch (collection) {
    case 'data':
    case 'operations':
    case 'configurations':
      return ownersOf(model, entity, collection).length > 0;
    case 'scripts':
      return placesOf(model, entity, 'scripts').length > 0;
    case 'logs':
      return keepersOf(model, 'logs').some(({ origin }) => origin === entity.origin);
    case 'faults':
    case 'bulk-data':
      return keepersOf(model, 'faults').some(({ origin }) => origin === entity.origin);
    case 'locks':
    case 'triggers':
    case 'cyclic-subscriptions':
    case 'fault-triggers':
      return false;
    default:
      // What the tree tells.
      return true;
  }
}

/** What a client is told who asks here for what another gateway has of an entity, and does not offer. */
export function notServed({ kind, id, origin = LOCAL }: Entity, collection: string): SovdError {
  return new SovdError({
    code: 'not-implemented',
    message: `The ${kind} ${id} is of the gateway ${origin}, which offers none of its ${collection} here: ask that gateway`,
    parameters: { entity_id: id, collection, gateway: origin },
  });
}
