import type { Route } from '@medkit/contract';
import { isLocal, type Model } from '@medkit/core';
import { placesOf } from '@medkit/services';
import type { Guard } from '../http/chain.ts';
import { CALL_TIMEOUT_MS } from '../http/exchange.ts';
import { forwardTo, pathBehindEntity } from './forward-to.ts';

/**
 * Lets whoever has an entity answer requests on its resources, where that is another gateway alone: the locks are that
 * gateway's, and so is the judgement of what may be done. `changeTimeoutMs` is how long what changes something may take.
 */
export function forwardGuard(model: Model, changeTimeoutMs: number): Guard {
  return (route, handler) => {
    if (!isAboutResource(route)) return handler;
    const timeoutMs = route.method === 'get' ? CALL_TIMEOUT_MS : changeTimeoutMs;
    return (exchange) => {
      const entity = model.tree.resolve(exchange.kind, exchange.entityId);
      if (!entity || isLocal(entity)) return handler(exchange);
      const places = placesOf(model, entity, 'forwarding');
      const [place] = places;
      if (!place || places.length > 1) return handler(exchange);
      return forwardTo(model, place, { exchange, path: pathBehindEntity(exchange.url), timeoutMs });
    };
  };
}

/** Whether a route is about what an entity has, and not about its place in the tree. */
function isAboutResource({ kind, path, related }: Route): boolean {
  return kind !== undefined && related === undefined && path.split('/').length > 3;
}
