import type { ConnectionState, RobotAddress, RobotState } from '@medkit/vda5050';
import type { Point } from '../../world/plane.ts';

/** What fleet control has heard of a robot. */
export interface FleetRobot {
  readonly address: RobotAddress;
  /** `undefined` until it was heard. */
  readonly connection: ConnectionState | undefined;
  readonly state: RobotState | undefined;
  /** When its connection was told, or its state if that was later; on the monotonic clock. */
  readonly heardMs: number;
  /** Where it was when it told of a place last. */
  readonly lastPlace: Point | undefined;
}

/** A robot that was not heard yet. */
export function unheard(address: RobotAddress): FleetRobot {
  return { address, connection: undefined, state: undefined, heardMs: Number.NEGATIVE_INFINITY, lastPlace: undefined };
}

export function withConnection(robot: FleetRobot, connection: ConnectionState, nowMs: number): FleetRobot {
  return { ...robot, connection, heardMs: nowMs };
}

export function withState(robot: FleetRobot, state: RobotState, nowMs: number): FleetRobot {
  const { position } = state;
  return { ...robot, state, heardMs: nowMs, lastPlace: position?.localized ? position : robot.lastPlace };
}
