import type { IdRegistry, Model } from '@medkit/core';
import type { Guard } from '../http/chain.ts';

/**
 * Marks the id of an entity as in use before a client changes it: a lock, trigger or subscription must not pass to
 * another entity with the same id.
 */
export function idUseGuard(model: Pick<Model, 'tree'>, ids: Pick<IdRegistry, 'use'>): Guard {
  return (route, handler) => {
    if (route.method === 'get' || route.kind === undefined) return handler;
    return (exchange) => {
      const entity = model.tree.resolve(exchange.kind, exchange.entityId);
      if (entity) ids.use(entity);
      return handler(exchange);
    };
  };
}
