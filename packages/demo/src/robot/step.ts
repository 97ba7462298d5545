import { castRay } from '../world/raycast.ts';
import { drain } from './battery.ts';
import { move, STANDSTILL, steer } from './drive.ts';
import { decide } from './mission.ts';
import { walk } from './person.ts';
import { goalOf, lidarOf, peopleAround, type Robot, STEP_SEC } from './robot.ts';

/** What acts on the robot from outside. */
export interface Conditions {
  /** Somebody steps into the robot's way. */
  readonly obstacle: boolean;
  /** A cell of the battery fails. */
  readonly failingBattery: boolean;
  /** The fastest the robot may drive, metres per second. */
  readonly speedLimitMps: number;
}

/** The robot stops for anybody in front of it who is nearer. */
export const STOP_DISTANCE_M = 0.8;
/** Half the angle of the sector that must be free, radians, and the rays that watch it. */
const FRONT_RAD = 0.5;
const FRONT_RAYS = 11;

/** The free way between the lidar and the nearest person in front, metres, or infinity. */
export function clearanceOf(robot: Pick<Robot, 'pose' | 'personAsideM'>): number {
  const obstacles = { boxes: [], discs: peopleAround(robot) };
  if (obstacles.discs.length === 0) return Number.POSITIVE_INFINITY;
  const lidar = lidarOf(robot);
  const rays = Array.from({ length: FRONT_RAYS }, (_, ray) =>
    castRay(lidar, lidar.yaw + FRONT_RAD * ((2 * ray) / (FRONT_RAYS - 1) - 1), obstacles),
  );
  return Math.min(...rays);
}

/** The robot one step later. */
export function stepRobot(before: Robot, { obstacle, failingBattery, speedLimitMps }: Conditions): Robot {
  const step = before.step + 1;
  const personAsideM = walk(before.personAsideM, obstacle, STEP_SEC);
  const near = clearanceOf({ pose: before.pose, personAsideM }) < STOP_DISTANCE_M;
  const { phase, leg, events } = decide({ ...before, step }, near);
  const velocity =
    phase === 'driving'
      ? steer(before.pose, before.velocity, { goal: goalOf({ leg }), speedLimitMps, stepSec: STEP_SEC })
      : STANDSTILL;
  const load = { driving: phase === 'driving', charging: phase === 'docked', failing: failingBattery };
  return {
    step,
    phase,
    phaseSince: phase === before.phase ? before.phaseSince : step,
    pose: move(before.pose, velocity, STEP_SEC),
    velocity,
    battery: drain(before.battery, load, STEP_SEC),
    leg,
    goalCount: before.goalCount + events.filter((event) => event === 'goal-accepted').length,
    wheelTravelM: before.wheelTravelM + velocity.linearMps * STEP_SEC,
    personAsideM,
    events,
  };
}
