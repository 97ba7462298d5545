import {
  isQueueable,
  listed,
  type Permission,
  QUEUEABLE_PERMISSIONS,
  queueableName,
  type Route,
} from '@medkit/contract';
import { FleetRefused } from '../fleet-refused.ts';
import { type RobotCall, routeOf } from '../requests/robot-request.ts';

/** Requests with these permissions act on a robot that no person watches when it returns. */
const MOVING: readonly Permission[] = ['operations.run', 'data.write', 'status.start', 'status.stop', 'updates'];

/** The request cannot wait for a robot. */
export class NotQueueable extends FleetRefused {
  override readonly name = 'NotQueueable';
  /** The permission that it needs; absent if its path is no route. */
  readonly permission: string | undefined;

  constructor(reason: string, permission?: string) {
    super(`This request cannot be queued: ${reason}`);
    this.permission = permission;
  }
}

type Request = Pick<RobotCall, 'method' | 'path'>;

/**
 * Returns the permission that a queued request needs on the robot. Throws `NotQueueable`.
 * @param names operations and data items that the robot permits to queue
 */
export function assertQueueable(request: Request, names: readonly string[]): Permission {
  const route = existingRoute(request);
  const name = queueableName(request);
  const isListed = name !== undefined && names.includes(name);
  if (isListed || isQueueable(route)) return route.permission as Permission;
  throw new NotQueueable(reasonOf(route, name), route.permission);
}

/** Returns the permission that a request needs, whether or not it can be queued. Throws `NotQueueable` if it is no route. */
export const permissionOf = (request: Request): Permission => existingRoute(request).permission as Permission;

function existingRoute(request: Request): Route {
  const route = routeOf(request);
  if (route) return route;
  throw new NotQueueable(`${request.method} ${request.path} is no route of the API`);
}

function reasonOf({ body, permission, summary }: Route, name: string | undefined): string {
  const remedy = 'Send it while the robot is connected';
  if (body?.media) return `${summary} is an upload. ${remedy}`;
  if (MOVING.some((each) => each === permission)) {
    const listing = name === undefined ? '' : `, or list ${name} in hub.queueable of the robot`;
    return `${summary} may move the robot or end its work when no person watches it. ${remedy}${listing}`;
  }
  if (permission === 'locks' || permission === 'locks.break') {
    return `a lock must be held by a client that is connected. ${remedy}`;
  }
  return `${summary} needs the permission ${permission}; requests with ${listed(QUEUEABLE_PERMISSIONS)} can be queued. ${remedy}`;
}
