import { lockCollection } from '@medkit/contract';
import type { Model } from '@medkit/core';
import type { DataService } from '@medkit/entities';
import { type LockAccess, lockClient } from '@medkit/locks';
import type { Guard } from '../http/chain.ts';
import { LOCK_NOTE } from '../http/exchange.ts';

/**
 * Enforces locks, for every route that changes an entity, including those of plugins. Calls the handler only if the
 * locks permit the change; a data item requires access to all entities that have it. The handler reports all other
 * errors.
 */
export function lockGuard(
  access: Pick<LockAccess, 'change'>,
  model: Pick<Model, 'tree'>,
  data: Pick<DataService, 'holders'>,
): Guard {
  return (route, handler) => {
    const collection = lockCollection(route);
    if (collection === undefined) return handler;
    const [, itemName = ''] = route.parameters.flatMap((parameter) =>
      parameter.in === 'path' ? [parameter.name] : [],
    );
    return (exchange) => {
      const entity = model.tree.resolve(exchange.kind, exchange.entityId);
      if (!entity) return handler(exchange);
      const item = exchange.path[itemName] ?? '';
      const { kind, entityId, call } = exchange;
      const holders = itemName === 'data_id' && { holders: () => data.holders(kind, entityId, item, call()) };
      return access.change({ entity, collection, item, client: lockClient(exchange), ...holders }, (lock) => {
        if (lock !== undefined) exchange.note({ [LOCK_NOTE]: lock });
        return handler(exchange);
      });
    };
  };
}
