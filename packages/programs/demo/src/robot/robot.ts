import { type Disc, type Point, type Pose, pointFrom } from '../world/plane.ts';
import { DOCK, ROUND } from '../world/warehouse.ts';
import { type Battery, FULL_BATTERY } from './battery.ts';
import { STOPPED, type Velocity } from './drive.ts';
import type { EndedGoal, Goal } from './goal.ts';
import { ASIDE_M, personAt } from './person.ts';

/** What the robot is doing; `stopped` is for a low battery, `waiting` for the next order or the round. */
export type Phase = 'docked' | 'driving' | 'blocked' | 'stopped' | 'waiting';

/** An event of one step, for the reporting nodes. */
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

/** State of the robot and the people around it. Plain data; `stepRobot` returns the next state. */
export interface Robot {
  /** Steps of `STEP_SEC` since the start. */
  readonly step: number;
  readonly phase: Phase;
  /** The step in which the phase began. */
  readonly phaseSince: number;
  readonly pose: Pose;
  readonly velocity: Velocity;
  /** Velocity requested by navigation; without a gate, the robot moves with it. */
  readonly wanted: Velocity;
  /** Last step in which the robot moved as requested, or no motion was requested. */
  readonly progressAt: number;
  readonly battery: Battery;
  /** Index in `ROUND` of the next place. */
  readonly leg: number;
  /** Number of started goals of the round. */
  readonly goalCount: number;
  /** Current goal, if any; always set while `driving`. */
  readonly goal: Goal | undefined;
  /** The goal that ended last. */
  readonly ended: EndedGoal | undefined;
  readonly wheelTravelM: number;
  /** Distance of the person from the robot's path. */
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
  velocity: STOPPED,
  wanted: STOPPED,
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

export function lidarOf({ pose }: Pick<Robot, 'pose'>): Pose {
  return { ...pointFrom(pose, LIDAR_FORWARD_M), yaw: pose.yaw };
}

/** Returns the people around the robot. */
export function peopleAround(robot: Pick<Robot, 'pose' | 'personAsideM'>): readonly Disc[] {
  return personAt(lidarOf(robot), robot.personAsideM);
}

/** Returns the current or next destination. */
export function goalOf({ goal, leg }: Pick<Robot, 'goal' | 'leg'>): Point {
  return goal?.place ?? ROUND[leg];
}

/** Returns the remaining path to the destination. */
export function remainingPath(robot: Pick<Robot, 'goal' | 'leg'>): readonly Point[] {
  return robot.goal?.way ?? [goalOf(robot)];
}
