import type { Permission } from '../schemas/permissions.ts';
import type { Route } from './route.ts';

/** Requests with these permissions do not move a robot, and do not end its gateway. */
export const QUEUEABLE_PERMISSIONS: readonly Permission[] = [
  'faults.clear',
  'configurations.write',
  'scripts.run',
  'files.write',
  'subscriptions',
];

/** Returns whether requests of a route can wait in the queue of a hub for a robot that is away. */
export const isQueueable = ({
  method,
  permission,
  body,
  tag,
}: Pick<Route, 'body' | 'method' | 'permission' | 'tag'>): boolean =>
  method !== 'get' && tag !== 'Fleet' && !body?.media && QUEUEABLE_PERMISSIONS.some((each) => each === permission);

/** Names in `hub.queueable` of a robot: a request of a hub checks each. */
export const MAX_QUEUEABLE_NAMES = 100;

/** What a name in `hub.queueable` looks like. */
export const QUEUEABLE_NAME = /^(?:areas|components|apps|functions)\/[^/\s]+\/(?:operations|data)\/[^/\s]+$/;
/** Paths of requests that may move a robot: they start an operation, or write a data item. */
const MOVING_PATHS = { POST: /^\/(.+\/operations\/[^/]+)\/executions$/, PUT: /^\/(.+\/data\/[^/]+)$/ } as const;

/**
 * Returns the name of the operation or data item of a request as `hub.queueable` of a robot lists it, such as
 * `apps/arm/operations/home`; `undefined` for a request that no such name permits.
 */
export function queueableName({
  method,
  path,
}: {
  readonly method: string;
  readonly path: string;
}): string | undefined {
  if (method !== 'POST' && method !== 'PUT') return undefined;
  const encoded = MOVING_PATHS[method].exec(path)?.[1];
  if (encoded === undefined) return undefined;
  try {
    const name = decodeURIComponent(encoded);
    return QUEUEABLE_NAME.test(name) ? name : undefined;
  } catch {
    // No name is encoded like this.
    return undefined;
  }
}
