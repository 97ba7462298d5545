import { drain } from './battery.ts';
import type { Conditions } from './conditions.ts';
import { follow, move, STANDSTILL, steer, turn, type Velocity } from './drive.ts';
import { decide, isAt, tryAgain } from './mission.ts';
import { walk } from './person.ts';
import { type Robot, STEP_SEC } from './robot.ts';
import { clearanceOf, STOP_DISTANCE_M } from './step.ts';

/** So long a robot may stand that wants to move before its path counts as blocked: what it wants is on its way meanwhile. */
const NO_PROGRESS_SEC = 1;
/** How long a robot waits that gave up its goal with nobody to be seen, before it tries the next one. */
const RETRY_SEC = 3;

/** Whether the robot moves as navigation wants: forward, or on the spot; nothing is easily done. */
function progresses({ wanted }: Robot, { linearMps, angularRps }: Velocity): boolean {
  return wanted.linearMps > 0 ? linearMps > 0 : wanted.angularRps === 0 || angularRps !== 0;
}

/** What navigation wants of the base. It knows no people: that is the matter of whoever stands between it and the base. */
function want({ phase, pose, wanted, goal }: Robot, { speedLimitMps, released }: Conditions): Velocity {
  if (goal === undefined || !released || (phase !== 'driving' && phase !== 'blocked')) return STANDSTILL;
  if (isAt(pose, goal)) return turn(pose, goal.yaw ?? pose.yaw);
  return steer(pose, wanted, { goal: goal.way[0], speedLimitMps, stepSec: STEP_SEC });
}

/** The robot with what it does next, where all that it knows of its path is whether it gets on. */
function decideByProgress(robot: Robot, conditions: Conditions, isSilent: boolean): Robot {
  const { step, phase, goal } = robot;
  // No goal is begun while nobody tells the base how to move: it could only fail.
  const rests = isSilent && (phase === 'docked' || phase === 'waiting');
  const stoodSince = Math.max(robot.progressAt, goal?.since ?? 0);
  const getsOnNot =
    phase === 'blocked' ? goal === undefined || stoodSince < step : (step - stoodSince) * STEP_SEC > NO_PROGRESS_SEC;
  const stands = getsOnNot || !conditions.released;
  const decided = decide(rests ? { ...robot, phaseSince: step } : robot, stands, conditions);
  if (decided.phase !== 'blocked') return decided;
  // Its patience counts from when it came to a stand.
  if (phase !== 'blocked') return { ...decided, phaseSince: stoodSince };
  const waitedSec = (step - decided.phaseSince) * STEP_SEC - conditions.patienceSec;
  const tries = decided.goal === undefined && waitedSec >= RETRY_SEC && !isSilent && conditions.released;
  return tries && clearanceOf(decided) >= STOP_DISTANCE_M ? tryAgain(decided, conditions) : decided;
}

/**
 * The robot one step later where something stands between navigation and the base: `commanded` is what that lets the base do,
 * `undefined` where it says nothing, and the base stands. Navigation sees no more of it than that the robot does not get on.
 */
export function stepGatedRobot(before: Robot, conditions: Conditions, commanded: Velocity | undefined): Robot {
  const step = before.step + 1;
  const velocity = follow(before.velocity, commanded ?? STANDSTILL, STEP_SEC);
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
