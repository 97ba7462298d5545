import { type Point, type Pose, wrapAngle } from '../world/plane.ts';

/** Forward speed and turn rate. */
export interface Velocity {
  readonly linearMps: number;
  readonly angularRps: number;
}

export const STOPPED: Velocity = { linearMps: 0, angularRps: 0 };

/** Maximum speed of the robot. */
export const MAX_LINEAR_MPS = 0.8;
const MAX_ANGULAR_RPS = 1.2;
const ACCELERATION_MPS2 = 0.8;
/** Turn rate per radian of remaining angle. */
const TURN_GAIN = 2.5;
/** The robot turns on the spot while its goal lies further to the side than this. */
const ALIGNED_RAD = 0.35;

const clamp = (value: number, limit: number) => Math.max(-limit, Math.min(limit, value));

export interface Steering {
  readonly goal: Point;
  readonly speedLimitMps: number;
  readonly stepSec: number;
}

/** Returns the command for the next step that moves a robot at `pose`, with velocity `now`, towards its goal. */
export function steer(pose: Pose, now: Velocity, { goal, speedLimitMps, stepSec }: Steering): Velocity {
  const distance = Math.hypot(goal.x - pose.x, goal.y - pose.y);
  const bearing = Math.atan2(goal.y - pose.y, goal.x - pose.x);
  const turning = turn(pose, bearing);
  if (Math.abs(wrapAngle(bearing - pose.yaw)) > ALIGNED_RAD) return turning;
  const wanted = Math.min(MAX_LINEAR_MPS, speedLimitMps, 0.15 + distance);
  return { ...turning, linearMps: Math.min(wanted, now.linearMps + ACCELERATION_MPS2 * stepSec) };
}

/** Returns the velocity of a base after `stepSec`: acceleration is limited, braking is immediate. */
export function follow(now: Velocity, { linearMps, angularRps }: Velocity, stepSec: number): Velocity {
  return { linearMps: Math.min(linearMps, Math.max(0, now.linearMps) + ACCELERATION_MPS2 * stepSec), angularRps };
}

/** Returns the command that turns a robot on the spot towards `yaw`. */
export function turn(pose: Pose, yaw: number): Velocity {
  return { linearMps: 0, angularRps: clamp(wrapAngle(yaw - pose.yaw) * TURN_GAIN, MAX_ANGULAR_RPS) };
}

/** Returns the pose of a robot after moving with `velocity` for `stepSec`. */
export function move(pose: Pose, { linearMps, angularRps }: Velocity, stepSec: number): Pose {
  const middle = pose.yaw + (angularRps * stepSec) / 2;
  return {
    x: pose.x + linearMps * stepSec * Math.cos(middle),
    y: pose.y + linearMps * stepSec * Math.sin(middle),
    yaw: wrapAngle(pose.yaw + angularRps * stepSec),
  };
}
