import type { ConnectionState, RobotAddress, RobotState } from '@medkit/vda5050';
import type { Point } from '../../world/plane.ts';

/** What fleet control knows about a robot. */
export interface FleetRobot {
  readonly address: RobotAddress;
  /** `undefined` until the first message. */
  readonly connection: ConnectionState | undefined;
  readonly state: RobotState | undefined;
  /** Time of its last connection message or state, monotonic clock. */
  readonly lastReceivedMs: number;
  /** Last reported position. */
  readonly lastPlace: Point | undefined;
}

/** A robot without any message yet. */
export function newFleetRobot(address: RobotAddress): FleetRobot {
  return {
    address,
    connection: undefined,
    state: undefined,
    lastReceivedMs: Number.NEGATIVE_INFINITY,
    lastPlace: undefined,
  };
}

export function withConnection(robot: FleetRobot, connection: ConnectionState, nowMs: number): FleetRobot {
  return { ...robot, connection, lastReceivedMs: nowMs };
}

export function withState(robot: FleetRobot, state: RobotState, nowMs: number): FleetRobot {
  const { position } = state;
  return { ...robot, state, lastReceivedMs: nowMs, lastPlace: position?.localized ? position : robot.lastPlace };
}
