import { type EntityKind, entityPath, KIND_TERMS } from '../routes/entity-kinds.ts';
import type { Route } from '../routes/route.ts';
import { ALL_ROUTES } from '../routes/routes.ts';
import type { DataItem } from '../schemas/data.ts';
import * as Type from '../schemas/type.ts';

/**
 * Returns the routes of a collection or of one server resource: `/apps` and `/apps/{app_id}`, or `/health`. Returns an
 * empty list for an unknown word. Searches the whole contract unless `among` is given, as do the functions below.
 */
export function routesOfCollection(word: string, among: readonly Route[] = ALL_ROUTES): Route[] {
  return among.filter(({ path }) => {
    const [, first, second = '{', ...rest] = path.split('/');
    return first === word && second.startsWith('{') && rest.length === 0;
  });
}

/** Returns the routes of one entity with its id filled in. */
export function routesOfEntity(kind: EntityKind, id: string, among: readonly Route[] = ALL_ROUTES): Route[] {
  const base = entityPath(KIND_TERMS[kind]);
  return among.filter(({ path }) => path === base || path.startsWith(`${base}/`)).map((route) => withEntity(route, id));
}

/** Returns the routes of one resource of an entity, such as `data`: the collection and its item routes. */
export function routesOfResource(
  kind: EntityKind,
  id: string,
  resource: string,
  among: readonly Route[] = ALL_ROUTES,
): Route[] {
  const base = `${entityPath(KIND_TERMS[kind])}/${resource}`;
  return among
    .filter(({ path }) => path === base || path.startsWith(`${base}/{`))
    .map((route) => withEntity(route, id));
}

/**
 * Makes the item routes among `routes` concrete for one data item, with the schemas of its message type if it is known.
 */
export function routesOfDataItem(routes: readonly Route[], item: DataItem): Route[] {
  return routes.filter(({ path }) => path.endsWith('/{data_id}')).map((route) => withDataItem(route, item));
}

function withEntity(route: Route, id: string): Route {
  const [entity, ...parameters] = route.parameters;
  return { ...route, path: route.path.replace(`{${entity?.name}}`, id), parameters };
}

function withDataItem(route: Route, item: DataItem): Route {
  const message = item['x-medkit']?.type_info?.schema;
  const valueSchema = message ? Type.Unsafe<unknown>(message) : Type.Unknown();
  return {
    ...route,
    path: route.path.replace('{data_id}', encodeURIComponent(item.id.replace(/^\//, ''))),
    operationId: `${route.operationId}${item.id.replaceAll(/[^A-Za-z0-9]+/g, '_')}`,
    summary: `${route.method === 'get' ? 'Read' : 'Write'} ${item.name}`,
    parameters: route.parameters.filter(({ name }) => name !== 'data_id'),
    responses: Object.fromEntries(
      Object.entries(route.responses).map(([status, response]) => [
        status,
        {
          ...response,
          schema: Type.Object({ id: Type.String(), data: valueSchema }),
          example: { id: item.id, data: {} },
        },
      ]),
    ),
    extensions: {
      'x-sovd-name': item.name,
      'x-sovd-data-category': item.category,
    },
  };
}
