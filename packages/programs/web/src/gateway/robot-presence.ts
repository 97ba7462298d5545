import type { FleetRobot } from '@medkit/contract';
import { isRobotConnected } from '@medkit/contract/robot-presence';
import { useQuery } from '@tanstack/react-query';
import { HUB_ROBOT } from '../routes/base-path.ts';
import { accountGateway } from './gateway.ts';

const EVERY_MS = 5000;

/** The robot that these pages belong to, as its hub knows it; `undefined` while unknown, or if no hub serves them. */
export function useHubRobot(): FleetRobot | undefined {
  return useQuery({
    queryKey: ['robot of the hub', HUB_ROBOT],
    queryFn: ({ signal }) => accountGateway().call('getFleetRobot', { path: { robot: HUB_ROBOT ?? '' }, signal }),
    enabled: HUB_ROBOT !== undefined,
    refetchInterval: EVERY_MS,
  }).data;
}

/** Returns whether these pages belong to a robot that is not connected to its hub: they show its last known state. */
export function useIsRobotAway(): boolean {
  const robot = useHubRobot();
  return robot !== undefined && !isRobotConnected(robot.presence);
}
