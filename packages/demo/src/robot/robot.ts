import { type Disc, type Point, type Pose, pointFrom } from '../world/plane.ts';
import { DOCK, ROUND } from '../world/warehouse.ts';
import { type Battery, FULL_BATTERY } from './battery.ts';
import { STANDSTILL, type Velocity } from './drive.ts';
import { ASIDE_M, personAt } from './person.ts';

/** What the robot is doing; `stopped` is for a low battery. */
export type Phase = 'docked' | 'driving' | 'blocked' | 'stopped';

/** Something that happened in one step, for those who report it. */
export type RobotEvent =
  | 'goal-accepted'
  | 'goal-reached'
  | 'goal-aborted'
  | 'planning-failed'
  | 'path-blocked'
  | 'path-clear'
  | 'battery-low'
  | 'battery-recovered';

/** The robot and who moves around it at one moment. Plain data: the next moment is `stepRobot` of this one. */
export interface Robot {
  /** Steps of `STEP_SEC` since the start. */
  readonly step: number;
  readonly phase: Phase;
  /** The step in which the phase began. */
  readonly phaseSince: number;
  readonly pose: Pose;
  readonly velocity: Velocity;
  readonly battery: Battery;
  /** Index in `ROUND` of the place it drives to. */
  readonly leg: number;
  /** Goals taken up so far. */
  readonly goalCount: number;
  readonly wheelTravelM: number;
  /** How far somebody stands from the robot's path. */
  readonly personAsideM: number;
  readonly events: readonly RobotEvent[];
}

/** One step of simulated time, seconds. */
export const STEP_SEC = 0.05;

/** The lidar sits at the front edge of the robot. */
export const LIDAR_FORWARD_M = 0.25;

export const ROBOT_AT_START: Robot = {
  step: 0,
  phase: 'docked',
  phaseSince: 0,
  pose: DOCK,
  velocity: STANDSTILL,
  battery: FULL_BATTERY,
  leg: 0,
  goalCount: 0,
  wheelTravelM: 0,
  personAsideM: ASIDE_M,
  events: [],
};

/** Where the lidar is. */
export function lidarOf({ pose }: Pick<Robot, 'pose'>): Pose {
  return { ...pointFrom(pose, LIDAR_FORWARD_M), yaw: pose.yaw };
}

/** Those who stand around the robot. */
export function peopleAround(robot: Pick<Robot, 'pose' | 'personAsideM'>): readonly Disc[] {
  return personAt(lidarOf(robot), robot.personAsideM);
}

/** Where the robot is going. */
export function goalOf({ leg }: Pick<Robot, 'leg'>): Point {
  return ROUND[leg];
}
