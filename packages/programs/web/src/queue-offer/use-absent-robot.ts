import { isQueueableRoute } from '@medkit/client';
import type { FleetRobot, RouteName } from '@medkit/contract';
import { isRobotConnected } from '@medkit/contract/robot-presence';
import { usePermission } from '../gateway/principal.ts';
import { useHubRobot } from '../gateway/robot-presence.ts';

/**
 * Returns the robot of these pages if it is away and the user may queue requests of a route for it. The hub also checks
 * the permission of the route.
 */
export function useAbsentRobot(route: RouteName): FleetRobot | undefined {
  const [robot, mayQueue] = [useHubRobot(), usePermission('incidents')];
  const isAway = robot?.state === 'approved' && !isRobotConnected(robot.presence);
  return isAway && mayQueue && isQueueableRoute(route) ? robot : undefined;
}
