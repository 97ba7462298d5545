import { drain } from './battery.ts';
import type { Conditions } from './conditions.ts';
import { follow, move, STOPPED, steer, turn, type Velocity } from './drive.ts';
import { decide, isAt, retryGoal } from './mission.ts';
import { walk } from './person.ts';
import { type Robot, STEP_SEC } from './robot.ts';
import { clearanceOf, STOP_DISTANCE_M } from './step.ts';

/** Time without motion after which the path counts as blocked; includes the delay of the requested velocity. */
const NO_PROGRESS_SEC = 1;
/** Pause after a goal was aborted without a visible person, before the next goal. */
const RETRY_SEC = 3;

/** Returns whether the robot moves as requested, forward or turning. True if no motion is requested. */
function progresses({ wanted }: Robot, { linearMps, angularRps }: Velocity): boolean {
  return wanted.linearMps > 0 ? linearMps > 0 : wanted.angularRps === 0 || angularRps !== 0;
}

/** Returns the velocity that navigation requests. It ignores people, because the gate handles them. */
function want({ phase, pose, wanted, goal }: Robot, { speedLimitMps, released }: Conditions): Velocity {
  if (goal === undefined || !released || (phase !== 'driving' && phase !== 'blocked')) return STOPPED;
  if (isAt(pose, goal)) return turn(pose, goal.yaw ?? pose.yaw);
  return steer(pose, wanted, { goal: goal.way[0], speedLimitMps, stepSec: STEP_SEC });
}

/** Decides the next action of the robot, knowing only whether it makes progress. */
function decideByProgress(robot: Robot, conditions: Conditions, isSilent: boolean): Robot {
  const { step, phase, goal } = robot;
  // Starts no goal while the base gets no commands: it could only fail.
  const rests = isSilent && (phase === 'docked' || phase === 'waiting');
  const stoodSince = Math.max(robot.progressAt, goal?.since ?? 0);
  const getsOnNot =
    phase === 'blocked' ? goal === undefined || stoodSince < step : (step - stoodSince) * STEP_SEC > NO_PROGRESS_SEC;
  const stands = getsOnNot || !conditions.released;
  const decided = decide(rests ? { ...robot, phaseSince: step } : robot, stands, conditions);
  if (decided.phase !== 'blocked') return decided;
  // The patience starts when the robot stopped.
  if (phase !== 'blocked') return { ...decided, phaseSince: stoodSince };
  const waitedSec = (step - decided.phaseSince) * STEP_SEC - conditions.patienceSec;
  const tries = decided.goal === undefined && waitedSec >= RETRY_SEC && !isSilent && conditions.released;
  return tries && clearanceOf(decided) >= STOP_DISTANCE_M ? retryGoal(decided, conditions) : decided;
}

/**
 * Returns the robot one step later with a safety gate between navigation and the base. `commanded` is the velocity from the gate,
 * or `undefined` if it sends none; the base then stops. Navigation only notices that the robot makes no progress.
 */
export function stepGatedRobot(before: Robot, conditions: Conditions, commanded: Velocity | undefined): Robot {
  const step = before.step + 1;
  const velocity = follow(before.velocity, commanded ?? STOPPED, STEP_SEC);
  const moved: Robot = {
    ...before,
    step,
    personAsideM: walk(before.personAsideM, conditions.obstacle, STEP_SEC),
    pose: move(before.pose, velocity, STEP_SEC),
    velocity,
    progressAt: progresses(before, velocity) ? step : before.progressAt,
    wheelTravelM: before.wheelTravelM + velocity.linearMps * STEP_SEC,
    events: [],
  };
  const robot = decideByProgress(moved, conditions, commanded === undefined);
  const { phase } = robot;
  const load = { driving: phase === 'driving', charging: phase === 'docked', failing: conditions.failingBattery };
  return { ...robot, wanted: want(robot, conditions), battery: drain(robot.battery, load, STEP_SEC) };
}
