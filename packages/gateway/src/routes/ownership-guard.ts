import { ownedCollection } from '@medkit/contract';
import type { Model } from '@medkit/core';
import { isServed, notServed } from '@medkit/entities';
import type { Guard } from '../http/chain.ts';

/** Rejects requests to a collection of an entity that this gateway does not serve: it never answers for a peer. */
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
