import { type Disc, type Point, type Pose, pointFrom } from '../world/plane.ts';
import { DOCK, ROUND } from '../world/warehouse.ts';
import { type Battery, FULL_BATTERY } from './battery.ts';
import { STANDSTILL, type Velocity } from './drive.ts';
import type { EndedGoal, Goal } from './goal.ts';
import { ASIDE_M, personAt } from './person.ts';

/** What the robot is doing; `stopped` is for a low battery, `waiting` for the next order or the round. */
export type Phase = 'docked' | 'driving' | 'blocked' | 'stopped' | 'waiting';

/** Something that happened in one step, for those who report it. */
export type RobotEvent =
  | 'goal-accepted'
  | 'goal-reached'
  | 'goal-aborted'
  | 'goal-canceled'
  | 'goal-preempted'
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
  /** What navigation wants; where nothing stands between the two, that is how the robot moves. */
  readonly wanted: Velocity;
  /** The last step in which the robot moved as navigation wanted, or nothing was wanted. */
  readonly progressAt: number;
  readonly battery: Battery;
  /** Index in `ROUND` of the place that is the next of its round. */
  readonly leg: number;
  /** Goals of the round taken up so far. */
  readonly goalCount: number;
  /** Where it drives to now, if anywhere; there is one whenever it is `driving`. */
  readonly goal: Goal | undefined;
  /** The goal that ended last. */
  readonly ended: EndedGoal | undefined;
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
  wanted: STANDSTILL,
  progressAt: 0,
  battery: FULL_BATTERY,
  leg: 0,
  goalCount: 0,
  goal: undefined,
  ended: undefined,
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

/** Where the robot is going, or will go next. */
export function goalOf({ goal, leg }: Pick<Robot, 'goal' | 'leg'>): Point {
  return goal?.place ?? ROUND[leg];
}

/** What is left of the way to where the robot is going. */
export function wayOf(robot: Pick<Robot, 'goal' | 'leg'>): readonly Point[] {
  return robot.goal?.way ?? [goalOf(robot)];
}
