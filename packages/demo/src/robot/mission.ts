import { ROUND } from '../world/warehouse.ts';
import { LOW_VOLTAGE_V } from './battery.ts';
import { goalOf, type Phase, type Robot, type RobotEvent, STEP_SEC } from './robot.ts';

/** How long navigation tries to pass somebody before it gives its goal up. */
export const PATIENCE_SEC = 5;
const REPLAN_SEC = 2;
const DOCKED_SEC = 4;
const ARRIVED_M = 0.15;

const steps = (sec: number) => Math.round(sec / STEP_SEC);

export interface Decision {
  readonly phase: Phase;
  readonly leg: number;
  readonly events: readonly RobotEvent[];
}

/** What navigation reports about a path that has been blocked for `blocked` steps. */
function eventsWhileBlocked(blocked: number): readonly RobotEvent[] {
  const events: RobotEvent[] = [];
  if (blocked > 0 && blocked % steps(REPLAN_SEC) === 0) events.push('planning-failed');
  if (blocked === steps(PATIENCE_SEC)) events.push('goal-aborted');
  return events;
}

function arrive(robot: Robot): Decision {
  const leg = (robot.leg + 1) % ROUND.length;
  return leg === 0
    ? { phase: 'docked', leg, events: ['goal-reached'] }
    : { phase: 'driving', leg, events: ['goal-reached', 'goal-accepted'] };
}

/** What the robot does next, with somebody in its way or not, and what is reported about it. */
export function decide(robot: Robot, personNear: boolean): Decision {
  const { phase, pose, leg } = robot;
  const elapsed = robot.step - robot.phaseSince;
  const low = robot.battery.voltageV < LOW_VOLTAGE_V;
  if (phase === 'stopped') {
    return low ? { phase, leg, events: [] } : { phase: 'driving', leg, events: ['battery-recovered', 'goal-accepted'] };
  }
  if (low) return { phase: 'stopped', leg, events: ['battery-low', 'goal-aborted'] };
  if (phase === 'blocked') {
    return personNear
      ? { phase, leg, events: eventsWhileBlocked(elapsed) }
      : { phase: 'driving', leg, events: ['path-clear', 'goal-accepted'] };
  }
  if (phase === 'docked') {
    if (elapsed < steps(DOCKED_SEC)) return { phase, leg, events: [] };
    // The bay of the dock lies outside the costmap: the first plan of every round fails, the next one succeeds.
    return { phase: 'driving', leg, events: ['planning-failed', 'goal-accepted'] };
  }
  if (personNear) return { phase: 'blocked', leg, events: ['path-blocked'] };
  const goal = goalOf(robot);
  const arrived = Math.hypot(goal.x - pose.x, goal.y - pose.y) <= ARRIVED_M;
  return arrived ? arrive(robot) : { phase, leg, events: [] };
}
