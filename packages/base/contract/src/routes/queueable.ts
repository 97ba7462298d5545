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
