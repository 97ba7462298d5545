import {
  type DataItem,
  type EntityKind,
  kindOfCollection,
  type OperationItem,
  ownedCollection,
  type Route,
  routesOfCollection,
  routesOfDataItem,
  routesOfEntity,
  routesOfOperation,
  routesOfResource,
  SovdError,
} from '@medkit/contract';
import { type CallContext, fnv1aHex, type Model } from '@medkit/core';
import { type DataService, entityOf, isServed, type OperationService } from '@medkit/entities';

/** No resource of SOVD is nested deeper. */
const MAX_SEGMENTS = 10;

export interface ScopeSource {
  readonly model: Model;
  readonly data: DataService;
  readonly operations: OperationService;
  /** All served routes, including those of plugins. */
  readonly routes: readonly Route[];
}

/**
 * Returns the routes that `…/{path}/docs` describes: those of a collection, of an entity, of one of its resources with
 * a path for each present item, or of one item. Throws `resource-not-found` if the path does not exist.
 */
export async function scopedRoutes(path: string, source: ScopeSource, call: CallContext): Promise<readonly Route[]> {
  const segments = path.split('/').filter((segment) => segment !== '');
  const [collection = '', name, resource, ...item] = segments;
  if (segments.length > MAX_SEGMENTS) throw nowhere();
  if (name === undefined) return someOf(routesOfCollection(collection, source.routes));

  const kind = kindOfCollection(collection);
  if (kind === undefined) throw nowhere();
  const entity = entityOf(source.model.tree, kind, name);
  const { id } = entity;
  const served = source.routes.filter((route) => {
    const collection = ownedCollection(route);
    return collection === undefined || isServed(source.model, entity, collection);
  });
  if (resource === undefined) return routesOfEntity(kind, id, served);

  const routes = someOf(routesOfResource(kind, id, resource, served));
  const itemRoutes = routes.filter(({ parameters }) => parameters.length > 0);
  if (itemRoutes.length === 0) return item.length === 0 ? routes : someOf([]);
  const ofItem = await itemsOf(resource, { kind, id, source, call });
  if (!ofItem) return item.length === 0 ? routes : itemRoutes;
  if (item.length > 0) return ofItem.named(itemRoutes, item.join('/'));
  const collectionRoutes = routes.filter(({ parameters }) => parameters.length === 0);
  return distinct([...collectionRoutes, ...ofItem.all(itemRoutes)]);
}

/** Routes of a resource's items: of all present items, and of one item that exists or may be created. */
interface ItemRoutes {
  all(routes: readonly Route[]): readonly Route[];
  named(routes: readonly Route[], id: string): readonly Route[];
}

interface Resource {
  readonly kind: EntityKind;
  readonly id: string;
  readonly source: ScopeSource;
  readonly call: CallContext;
}

/** Returns `undefined` for a resource whose items all have the same shape. */
async function itemsOf(resource: string, { kind, id, source, call }: Resource): Promise<ItemRoutes | undefined> {
  if (resource === 'data') {
    const { items } = await source.data.list(kind, id, call);
    return {
      all: (routes) => items.flatMap((item) => routesOfDataItem(routes, item)),
      named: (routes, itemId) => routesOfDataItem(routes, itemNamed(itemId, items)),
    };
  }
  if (resource === 'operations') {
    const { items } = await source.operations.list(kind, id, call);
    return {
      all: (routes) => items.flatMap((item) => routesOfOperation(routes, item)),
      named: (routes, itemId) => routesOfOperation(routes, operationNamed(itemId, items)),
    };
  }
  return undefined;
}

function itemNamed(id: string, items: readonly DataItem[]): DataItem {
  const found = items.find((item) => item.id === id || item.id === `/${id}`);
  return found ?? { id: `/${id}`, name: `/${id}`, category: 'currentData' };
}

function operationNamed(id: string, items: readonly OperationItem[]): OperationItem {
  const found = items.find((item) => item.id === id);
  return found ?? { id, name: id, proximity_proof_required: false, asynchronous_execution: true };
}

/**
 * Makes operation ids unique. Topics such as `/a/b` and `/a_b` have the same id, so each of these gets a hash of its
 * path. A number would depend on the order of the list, and a generated client would use another topic after the next
 * start.
 */
function distinct(routes: readonly Route[]): Route[] {
  const users = Map.groupBy(routes, ({ operationId }) => operationId);
  return routes.map((route) => {
    const isShared = (users.get(route.operationId)?.length ?? 0) > 1;
    return isShared ? { ...route, operationId: `${route.operationId}_${fnv1aHex(route.path)}` } : route;
  });
}

function someOf(routes: readonly Route[]): readonly Route[] {
  if (routes.length === 0) throw nowhere();
  return routes;
}

function nowhere(): SovdError {
  return new SovdError({ code: 'resource-not-found' });
}
