import { type Pose, wrapAngle } from '../world/plane.ts';
import { distanceBetween, routeBetween } from '../world/route.ts';
import { ROUND } from '../world/warehouse.ts';
import type { Conditions } from './conditions.ts';
import { type Goal, type GoalOutcome, isRoundGoal, type Order, roundGoalId } from './goal.ts';
import { type Phase, type Robot, type RobotEvent, STEP_SEC } from './robot.ts';

const REPLAN_SEC = 2;
const DOCKED_SEC = 4;
/** How long the robot waits for an order before it continues its round. */
const WAITING_SEC = 3;
const ARRIVED_M = 0.15;
const FACING_RAD = 0.1;

const steps = (sec: number) => Math.round(sec / STEP_SEC);

const withEvent = (robot: Robot, event: RobotEvent): Robot => ({ ...robot, events: [...robot.events, event] });

const enter = (robot: Robot, phase: Phase): Robot =>
  phase === robot.phase ? robot : { ...robot, phase, phaseSince: robot.step };

/** Event for each outcome of a goal. */
const END_EVENTS: Readonly<Record<GoalOutcome, RobotEvent>> = {
  reached: 'goal-reached',
  canceled: 'goal-canceled',
  preempted: 'goal-preempted',
  'no-progress': 'goal-aborted',
  'battery-low': 'goal-aborted',
};

function endGoal(robot: Robot, outcome: GoalOutcome): Robot {
  if (robot.goal === undefined) return robot;
  return withEvent({ ...robot, goal: undefined, ended: { id: robot.goal.id, outcome } }, END_EVENTS[outcome]);
}

function beginGoal(robot: Robot, order: Order): Robot {
  const goal = { ...order, since: robot.step, way: routeBetween(robot.pose, order.place), recoveries: 0 };
  return withEvent({ ...enter(robot, 'driving'), goal }, 'goal-accepted');
}

/** Continues with the next place of the round, or waits for orders if the round is disabled. */
function goOn(robot: Robot, { round }: Conditions): Robot {
  if (!round) return enter(robot, 'waiting');
  const goalCount = robot.goalCount + 1;
  return beginGoal({ ...robot, goalCount }, { id: roundGoalId(goalCount), place: ROUND[robot.leg] });
}

/** Returns the robot with the next goal of its round, although the path may still be blocked. */
export function retryGoal(robot: Robot, conditions: Conditions): Robot {
  const { phase } = robot;
  const next = goOn(robot, conditions);
  return next.goal === undefined ? next : { ...next, phase, phaseSince: robot.step };
}

/** Returns the robot with an order. It abandons its current goal. */
export function takeOrder(robot: Robot, order: Order): Robot {
  return beginGoal(endGoal({ ...robot, events: [] }, 'preempted'), order);
}

/** Returns the robot without the goal with this id. It stands until it has the next goal. */
export function cancelGoal(robot: Robot, id: string): Robot {
  const calm = { ...robot, events: [] };
  return robot.goal?.id === id ? enter(endGoal(calm, 'canceled'), 'waiting') : calm;
}

/** Returns whether a robot at `pose` has reached the place of its goal; it may still have to turn. */
export function isAt(pose: Pose, { place, way }: Goal): boolean {
  return way.length === 1 && distanceBetween(pose, place) <= ARRIVED_M;
}

function arrive(robot: Robot, goal: Goal, conditions: Conditions): Robot {
  const arrived = endGoal(robot, 'reached');
  if (!isRoundGoal(goal.id)) return enter(arrived, 'waiting');
  const leg = (robot.leg + 1) % ROUND.length;
  return leg === 0 ? enter({ ...arrived, leg }, 'docked') : goOn({ ...arrived, leg }, conditions);
}

function driveOn(robot: Robot, goal: Goal, conditions: Conditions): Robot {
  const { pose } = robot;
  if (isAt(pose, goal)) {
    const facing = goal.yaw === undefined || Math.abs(wrapAngle(goal.yaw - pose.yaw)) <= FACING_RAD;
    return facing ? arrive(robot, goal, conditions) : robot;
  }
  if (goal.way.length === 1 || distanceBetween(pose, goal.way[0]) > ARRIVED_M) return robot;
  return { ...robot, goal: { ...goal, way: goal.way.slice(1) } };
}

/** Handles a robot whose path has been blocked for `blocked` steps. */
function standBlocked(robot: Robot, blocked: number, { patienceSec }: Conditions): Robot {
  const replans = blocked > 0 && blocked % steps(REPLAN_SEC) === 0;
  const goal = robot.goal && replans ? { ...robot.goal, recoveries: robot.goal.recoveries + 1 } : robot.goal;
  const planned = replans ? withEvent({ ...robot, goal }, 'planning-failed') : robot;
  return blocked >= steps(patienceSec) ? endGoal(planned, 'no-progress') : planned;
}

/** Decides the next action of the robot, with or without a person in its path, and the reported events. */
export function decide(robot: Robot, personNear: boolean, conditions: Conditions): Robot {
  const { phase, goal } = robot;
  const elapsed = robot.step - robot.phaseSince;
  const low = robot.battery.voltageV < conditions.lowVoltageV;
  if (phase === 'stopped' && !low) return goOn(withEvent(robot, 'battery-recovered'), conditions);
  if (phase === 'stopped') return robot;
  if (low) return enter(endGoal(withEvent(robot, 'battery-low'), 'battery-low'), 'stopped');
  if (phase === 'waiting') return elapsed < steps(WAITING_SEC) ? robot : goOn(robot, conditions);
  if (phase === 'docked') {
    if (elapsed < steps(DOCKED_SEC) || !conditions.round) return robot;
    // The bay of the dock is outside the costmap: the first plan of every round fails, the next one succeeds.
    return goOn(withEvent(robot, 'planning-failed'), conditions);
  }
  if (personNear) {
    return phase === 'blocked'
      ? standBlocked(robot, elapsed, conditions)
      : enter(withEvent(robot, 'path-blocked'), 'blocked');
  }
  const free = phase === 'blocked' ? withEvent(robot, 'path-clear') : robot;
  return goal === undefined ? goOn(free, conditions) : driveOn(enter(free, 'driving'), goal, conditions);
}
