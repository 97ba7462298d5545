import type { Point } from '../../world/plane.ts';
import { lanesAt } from '../lanes/lanes.ts';
import type { FleetRobot } from './fleet-robot.ts';

/** A lane through which nobody else is sent. */
export interface Closure {
  readonly lane: string;
  /** Serial number of the robot that stands in it, or stood in it when it was heard last. */
  readonly robot: string;
  readonly place: Point;
  readonly why: string;
}

/** A robot tells its state every 30 s at least (2.1.0, 6.6; 3.0.0, 4.4); what is a third older is no longer known. */
export const STATE_LASTS_MS = 40_000;

/** Levels at which a robot does not get on by itself. */
const HOLDS_UP: ReadonlySet<string> = new Set(['CRITICAL', 'FATAL']);

/** The lanes in which a robot stands that cannot get on, or of which it is not known how it is. */
export function closuresBy(robots: readonly FleetRobot[], nowMs: number): readonly Closure[] {
  return robots.flatMap((robot) => {
    const why = whyInTheWay(robot, nowMs);
    const place = robot.lastPlace;
    if (why === undefined || place === undefined) return [];
    return lanesAt(place).map(({ id }) => ({ lane: id, robot: robot.address.serialNumber, place, why }));
  });
}

function whyInTheWay({ connection, state, heardMs }: FleetRobot, nowMs: number): string | undefined {
  if (connection !== 'ONLINE') return `its connection is ${connection ?? 'unknown'}`;
  if (nowMs - heardMs > STATE_LASTS_MS) return `it has told nothing for ${STATE_LASTS_MS / 1000} s`;
  const error = state?.errors.find(({ level }) => HOLDS_UP.has(level));
  return error && `${error.type} (${error.level})`;
}

/** How the lanes are for one robot, as the others are in them. */
export interface Traffic {
  readonly closures: readonly Closure[];
  /** Lanes in which others drive or stand: it waits before them, and takes no other way. */
  readonly taken: ReadonlySet<string>;
}

/** How the lanes are for the robot of this serial number. */
export function trafficFor(serialNumber: string, robots: readonly FleetRobot[], nowMs: number): Traffic {
  const others = robots.filter(({ address }) => address.serialNumber !== serialNumber);
  const places = others.flatMap(({ lastPlace }) => lastPlace ?? []);
  return { closures: closuresBy(others, nowMs), taken: new Set(places.flatMap(lanesAt).map(({ id }) => id)) };
}
