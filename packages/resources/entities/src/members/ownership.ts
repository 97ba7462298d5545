import { SovdError } from '@medkit/contract';
import { type Entity, isLocal, LOCAL, type Model } from '@medkit/core';
import { ownersOf, placesOf, storingRuntimes } from './owners.ts';

/**
 * Returns whether this gateway serves a collection of an entity. For local entities it serves all collections. For
 * entities of other gateways it serves only what their runtime provides: locks, triggers and subscriptions are not
 * shared between gateways.
 */
export function isServed(model: Model, entity: Entity, collection: string): boolean {
  // A gateway that answers forwarded requests decides itself.
  if (isLocal(entity) || placesOf(model, entity, 'forwarding').length > 0) return true;
  switch (collection) {
    case 'data':
    case 'operations':
    case 'configurations':
      return ownersOf(model, entity, collection).length > 0;
    case 'scripts':
      return placesOf(model, entity, 'scripts').length > 0;
    case 'logs':
      return storingRuntimes(model, 'logs').some(({ origin }) => origin === entity.origin);
    case 'faults':
    case 'bulk-data':
      return storingRuntimes(model, 'faults').some(({ origin }) => origin === entity.origin);
    case 'locks':
    case 'triggers':
    case 'cyclic-subscriptions':
    case 'fault-triggers':
      return false;
    default:
      // Collections that are derived from the tree.
      return true;
  }
}

/** Creates the error for a collection that another gateway owns and does not provide here. */
export function notServed({ kind, id, origin = LOCAL }: Entity, collection: string): SovdError {
  return new SovdError({
    code: 'not-implemented',
    message: `The ${kind} ${id} belongs to the gateway ${origin}, which does not offer its ${collection} here: send the request to that gateway`,
    parameters: { entity_id: id, collection, gateway: origin },
  });
}
