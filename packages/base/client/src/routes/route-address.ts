import type { EntityKind, RouteName } from '@medkit/contract';
import { InvalidName } from '../failures.ts';
import { ADDRESSES, API_BASE } from './addresses.generated.ts';
import type { EntityRef } from './route-types.ts';

/** The parts of a request that determine its URL. `RequestOf` defines which of them a route has. */
export interface AddressParts {
  readonly kind?: EntityKind;
  readonly entity?: EntityRef;
  readonly path?: Readonly<Record<string, string>>;
  readonly query?: Readonly<Record<string, string | number | boolean | undefined>>;
}

/** Returns the method of a request and its URL as an absolute path. Throws `InvalidName`. */
export function routeAddress(route: RouteName, { kind, entity, path = {}, query = {} }: AddressParts) {
  const { method, paths } = ADDRESSES[route];
  const template: string = paths[(entity?.kind ?? kind ?? 'server') as keyof typeof paths];
  if (template === undefined)
    throw new TypeError(`${route} does not exist for ${entity?.kind ?? kind ?? 'the server'}`);
  const values = { ...path, ...(entity && { [`${entity.kind}_id`]: entity.id }) };
  const filled = template.replaceAll(/\{(\w+)\}/g, (_hole, name: string) => segment(values[name] ?? ''));
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) if (value !== undefined) search.set(name, String(value));
  return { method: method.toUpperCase(), path: `${API_BASE}${filled}${search.size > 0 ? `?${search}` : ''}` };
}

/**
 * Encodes a name as one path segment. Throws for an empty name and for dot segments, which would address something
 * else. Throws for lone surrogates, which have no encoding.
 */
function segment(name: string): string {
  if (['', '.', '..'].includes(name) || !name.isWellFormed()) throw new InvalidName(name);
  return encodeURIComponent(name);
}

/** Returns the URI of a resource of an entity, as used in request bodies: `/api/v1/apps/lidar/data/scan`. */
export function resourceUri(entity: EntityRef, resource: string): string {
  return `${routeAddress('getEntity', { entity }).path}/${resource}`;
}
