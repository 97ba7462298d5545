import type { ErrorCode } from '../errors/codes.ts';
import type { Route } from './route.ts';

/**
 * The collection that a lock has to close for a route to be closed with it; `undefined` for a route that no lock closes: it
 * changes nothing, or is about no entity, or about the locks themselves.
 */
export function lockCollection(route: Pick<Route, 'method' | 'path' | 'kind' | 'lockedAs'>): string | undefined {
  const { method, path, kind, lockedAs } = route;
  if (method === 'get' || kind === undefined) return undefined;
  const [, , , resource] = path.split('/');
  return resource === 'locks' ? undefined : (lockedAs ?? resource ?? kind);
}

/** What a closed route answers: a lock is needed that the client has not, or another client has it. */
export const LOCKED_ERRORS = [
  [409, 'invalid-request'],
  [409, 'lock-broken'],
] as const satisfies readonly (readonly [number, ErrorCode])[];
