import {
  type DataItem,
  kindOfCollection,
  type Route,
  routesOfCollection,
  routesOfDataItem,
  routesOfEntity,
  routesOfResource,
  SovdError,
} from '@medkit/contract';
import type { CallContext, Model } from '@medkit/core';
import { type DataService, entityOf } from '@medkit/services';

/** No resource of SOVD lies deeper. */
const MAX_SEGMENTS = 10;

export interface ScopeSource {
  readonly model: Pick<Model, 'tree'>;
  readonly data: DataService;
}

/**
 * The routes that `…/{path}/docs` tells of: those of a collection, of an entity, of one of its resources with a path for
 * each item there is now, or of one item. Throws `resource-not-found` where the path leads nowhere.
 */
export async function scopedRoutes(
  path: string,
  { model, data }: ScopeSource,
  call: CallContext,
): Promise<readonly Route[]> {
  const segments = path.split('/').filter((segment) => segment !== '');
  const [collection = '', name, resource, ...item] = segments;
  if (segments.length > MAX_SEGMENTS) throw nowhere();
  if (name === undefined) return someOf(routesOfCollection(collection));

  const kind = kindOfCollection(collection);
  if (kind === undefined) throw nowhere();
  const { id } = entityOf(model.tree, kind, name);
  if (resource === undefined) return routesOfEntity(kind, id);

  const routes = someOf(routesOfResource(kind, id, resource));
  const itemRoutes = routes.filter(({ parameters }) => parameters.length > 0);
  if (itemRoutes.length === 0) return item.length === 0 ? routes : someOf([]);
  const { items } = await data.list(kind, id, call);
  if (item.length > 0) return routesOfDataItem(itemRoutes, itemNamed(item.join('/'), items));
  const collectionRoutes = routes.filter(({ parameters }) => parameters.length === 0);
  return distinct([...collectionRoutes, ...items.flatMap((found) => routesOfDataItem(itemRoutes, found))]);
}

function itemNamed(id: string, items: readonly DataItem[]): DataItem {
  const found = items.find((item) => item.id === id || item.id === `/${id}`);
  return found ?? { id: `/${id}`, name: `/${id}`, category: 'currentData' };
}

/** Topics such as `/a/b` and `/a_b` give the same operation id: the later ones are numbered. */
function distinct(routes: readonly Route[]): Route[] {
  const seen = new Map<string, number>();
  return routes.map((route) => {
    const count = (seen.get(route.operationId) ?? 0) + 1;
    seen.set(route.operationId, count);
    return count === 1 ? route : { ...route, operationId: `${route.operationId}_${count}` };
  });
}

function someOf(routes: readonly Route[]): readonly Route[] {
  if (routes.length === 0) throw nowhere();
  return routes;
}

function nowhere(): SovdError {
  return new SovdError({ code: 'resource-not-found' });
}
