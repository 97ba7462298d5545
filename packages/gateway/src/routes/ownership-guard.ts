import { ownedCollection } from '@medkit/contract';
import type { Model } from '@medkit/core';
import { isServed, notServed } from '@medkit/services';
import type { Guard } from '../http/chain.ts';

/** Lets through to a collection of an entity where that is served here: nothing is served in the place of another gateway. */
export function ownershipGuard(model: Model): Guard {
  return (route, handler) => {
    const collection = ownedCollection(route);
    if (collection === undefined) return handler;
    return (exchange) => {
      const entity = model.tree.resolve(exchange.kind, exchange.entityId);
      if (entity && !isServed(model, entity, collection)) throw notServed(entity, collection);
      return handler(exchange);
    };
  };
}
