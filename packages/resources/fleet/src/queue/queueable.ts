import { isQueueable, listed, type Permission, QUEUEABLE_PERMISSIONS, type Route } from '@medkit/contract';
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

/** Returns the permission that a queued request needs on the robot. Throws `NotQueueable`. */
export function assertQueueable(request: Pick<RobotCall, 'method' | 'path'>): Permission {
  const route = routeOf(request);
  if (!route) throw new NotQueueable(`${request.method} ${request.path} is no route of the API`);
  if (isQueueable(route)) return route.permission as Permission;
  throw new NotQueueable(reasonOf(route), route.permission);
}

function reasonOf({ body, permission, summary }: Route): string {
  const remedy = 'Send it while the robot is connected';
  if (body?.media) return `${summary} is an upload. ${remedy}`;
  if (MOVING.some((each) => each === permission)) {
    return `${summary} may move the robot or end its work when no person watches it. ${remedy}`;
  }
  if (permission === 'locks' || permission === 'locks.break') {
    return `a lock must be held by a client that is connected. ${remedy}`;
  }
  return `${summary} needs the permission ${permission}; requests with ${listed(QUEUEABLE_PERMISSIONS)} can be queued. ${remedy}`;
}
