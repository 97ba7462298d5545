import { castRay } from '../world/raycast.ts';
import { drain } from './battery.ts';
import type { Conditions } from './conditions.ts';
import { move, STOPPED, steer, turn, type Velocity } from './drive.ts';
import { decide, isAt } from './mission.ts';
import { walk } from './person.ts';
import { lidarOf, peopleAround, type Robot, STEP_SEC } from './robot.ts';

/** Distance to a person in front at which the robot stops. */
export const STOP_DISTANCE_M = 0.8;
/** Half the angle of the sector that must be free, radians. */
export const FRONT_RAD = 0.5;
const FRONT_RAYS = 11;

/** Returns the distance between the lidar and the nearest person in front, metres, or infinity. */
export function clearanceOf(robot: Pick<Robot, 'pose' | 'personAsideM'>): number {
  const obstacles = { boxes: [], discs: peopleAround(robot) };
  if (obstacles.discs.length === 0) return Number.POSITIVE_INFINITY;
  const lidar = lidarOf(robot);
  const rays = Array.from({ length: FRONT_RAYS }, (_, ray) =>
    castRay(lidar, lidar.yaw + FRONT_RAD * ((2 * ray) / (FRONT_RAYS - 1) - 1), obstacles),
  );
  return Math.min(...rays);
}

/** Returns the drive command for the decided action. */
function command({ phase, pose, velocity, goal }: Robot, { speedLimitMps }: Conditions): Velocity {
  if (phase !== 'driving' || goal === undefined) return STOPPED;
  if (isAt(pose, goal)) return turn(pose, goal.yaw ?? pose.yaw);
  return steer(pose, velocity, { goal: goal.way[0], speedLimitMps, stepSec: STEP_SEC });
}

/** Returns the robot one step later. */
export function stepRobot(before: Robot, conditions: Conditions): Robot {
  const personAsideM = walk(before.personAsideM, conditions.obstacle, STEP_SEC);
  const near = clearanceOf({ pose: before.pose, personAsideM }) < STOP_DISTANCE_M;
  const isHeld = near || !conditions.released;
  const robot = decide({ ...before, step: before.step + 1, personAsideM, events: [] }, isHeld, conditions);
  const velocity = command(robot, conditions);
  const { phase } = robot;
  const load = { driving: phase === 'driving', charging: phase === 'docked', failing: conditions.failingBattery };
  return {
    ...robot,
    pose: move(robot.pose, velocity, STEP_SEC),
    velocity,
    wanted: velocity,
    progressAt: robot.step,
    battery: drain(robot.battery, load, STEP_SEC),
    wheelTravelM: robot.wheelTravelM + velocity.linearMps * STEP_SEC,
  };
}
