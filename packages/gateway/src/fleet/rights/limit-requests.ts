import { SovdError } from '@medkit/contract';
import type { FastifyRequest } from 'fastify';
import { limitedAccount } from '../../security/account-limit.ts';
import { isAuthorised, type Need, notAuthorised } from '../../security/authorise.ts';
import { ROBOT_PARAMETER } from '../robot-routes.ts';
import type { FleetViews } from './fleet-views.ts';
import { isLimitedRoute } from './limited-routes.ts';

/**
 * Returns the step of the chain for accounts that are limited to sites and groups. Sets what the request may see. A
 * robot in the path that the account does not see does not exist. Throws `insufficient-access-rights` for routes that
 * concern the whole hub.
 */
export function limitRequests(views: FleetViews): (request: FastifyRequest, need: Need) => Promise<void> {
  return async (request, need) => {
    const { principal, routeOptions } = request;
    const { route } = routeOptions.config;
    const { [ROBOT_PARAMETER]: ofRobot, robot } = request.params as Readonly<Record<string, string | undefined>>;
    if (ofRobot !== undefined) {
      const permissions = await views.permissionsAt(principal, ofRobot);
      if (!permissions.has('fleet.read')) throw noRobot(ofRobot);
      request.principal = { ...principal, permissions };
      if (!isAuthorised(request.principal, need)) throw notAuthorised(request.principal, need);
      return;
    }
    if (need === 'public') return;
    if (!route || !isLimitedRoute(route)) throw limitedAccount();
    if (need === 'self') return;
    request.fleetView = await views.of(principal, [need]);
    if (robot === undefined || request.fleetView?.robots.has(robot)) return;
    if (!(await views.of(principal))?.robots.has(robot)) throw noRobot(robot);
    throw limitedAccount(`Your account does not have the permission ${need} at the robot ${robot}`);
  };
}

const noRobot = (robot: string): SovdError =>
  new SovdError({ code: 'resource-not-found', message: `The hub has no robot ${robot}` });
