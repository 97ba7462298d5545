import { lockCollection } from '@medkit/contract';
import type { Model } from '@medkit/core';
import { askingClient, type DataService, type LockAccess } from '@medkit/services';
import type { Guard } from '../http/chain.ts';
import { LOCK_NOTE } from '../http/exchange.ts';

/**
 * The one place in which locks are enforced: every route that changes something of an entity, those of plugins too, is
 * asked only for what the locks leave open to the client; a data item is that of all who have it. What else is wrong with a request its handler says.
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
      return access.change({ entity, collection, item, client: askingClient(exchange), ...holders }, (lock) => {
        if (lock !== undefined) exchange.note({ [LOCK_NOTE]: lock });
        return handler(exchange);
      });
    };
  };
}
