import type { ErrorCode } from '../errors/codes.ts';
import type { Route } from './route.ts';

/**
 * Returns the collection that a lock must cover to block the route. Returns `undefined` if no lock blocks the route: it
 * changes nothing, concerns no entity, or manages the locks themselves.
 */
export function lockCollection(route: Pick<Route, 'method' | 'path' | 'kind' | 'lockedAs'>): string | undefined {
  const { method, path, kind, lockedAs } = route;
  if (method === 'get' || kind === undefined) return undefined;
  const [, , , resource] = path.split('/');
  return resource === 'locks' ? undefined : (lockedAs ?? resource ?? kind);
}

/** Errors of a blocked route: the client lacks a required lock, or another client holds it. */
export const LOCKED_ERRORS = [
  [409, 'invalid-request'],
  [409, 'lock-broken'],
] as const satisfies readonly (readonly [number, ErrorCode])[];
