import type { Point } from '../../world/plane.ts';
import { lanesAt } from '../lanes/lanes.ts';
import type { FleetRobot } from './fleet-robot.ts';

/** A lane that fleet control has closed for other robots. */
export interface Closure {
  readonly lane: string;
  /** Serial number of the robot in the lane, by its last known position. */
  readonly robot: string;
  readonly place: Point;
  readonly reason: string;
}

/** Validity of a state: a robot sends one at least every 30 s (2.1.0, 6.6; 3.0.0, 4.4), plus one third. */
const STATE_VALIDITY_MS = 40_000;

/** Error levels that stop a robot. */
const HOLDS_UP: ReadonlySet<string> = new Set(['CRITICAL', 'FATAL']);

/** Returns the lanes with a robot that cannot continue, or whose state is unknown. */
export function laneClosures(robots: readonly FleetRobot[], nowMs: number): readonly Closure[] {
  return robots.flatMap((robot) => {
    const reason = blockingReason(robot, nowMs);
    const place = robot.lastPlace;
    if (reason === undefined || place === undefined) return [];
    return lanesAt(place).map(({ id }) => ({ lane: id, robot: robot.address.serialNumber, place, reason }));
  });
}

function blockingReason({ connection, state, lastReceivedMs }: FleetRobot, nowMs: number): string | undefined {
  if (connection !== 'ONLINE') return `its connection is ${connection ?? 'unknown'}`;
  if (nowMs - lastReceivedMs > STATE_VALIDITY_MS) return `it has sent no message for ${STATE_VALIDITY_MS / 1000} s`;
  const error = state?.errors.find(({ level }) => HOLDS_UP.has(level));
  return error && `${error.type} (${error.level})`;
}

/** Lane availability for one robot, given the other robots. */
export interface Traffic {
  readonly closures: readonly Closure[];
  /** Lanes with other robots. The robot waits for them instead of taking a detour. */
  readonly taken: ReadonlySet<string>;
}

/** Returns the lane availability for the robot with this serial number. */
export function trafficFor(serialNumber: string, robots: readonly FleetRobot[], nowMs: number): Traffic {
  const others = robots.filter(({ address }) => address.serialNumber !== serialNumber);
  const places = others.flatMap(({ lastPlace }) => lastPlace ?? []);
  return { closures: laneClosures(others, nowMs), taken: new Set(places.flatMap(lanesAt).map(({ id }) => id)) };
}
