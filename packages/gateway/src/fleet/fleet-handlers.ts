import { SovdError } from '@medkit/contract';
import type { Handlers } from '../http/exchange.ts';

type FleetRoute = Extract<keyof Handlers, `${string}Fleet${string}`>;

/** The handlers of the fleet of a gateway that is no hub: each throws `not-implemented`. */
export function fleetHandlers(): Pick<Handlers, FleetRoute> {
  const refuse = (): never => {
    throw new SovdError({ code: 'not-implemented', message: 'This gateway is not a fleet hub' });
  };
  return {
    getFleet: refuse,
    getFleetHub: refuse,
    openFleetUplink: refuse,
    listFleetFaults: refuse,
    listFleetRobots: refuse,
    getFleetRobot: refuse,
    changeFleetRobot: refuse,
    retireFleetRobot: refuse,
    approveFleetRobot: refuse,
    revokeFleetRobot: refuse,
    replaceFleetRobot: refuse,
    settleFleetRobot: refuse,
    listFleetInvitations: refuse,
    createFleetInvitation: refuse,
    withdrawFleetInvitation: refuse,
  };
}
