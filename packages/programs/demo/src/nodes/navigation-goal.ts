import type { GoalEnd, RosMessage } from '@medkit/ros2';
import type { GoalOutcome, Order } from '../robot/goal.ts';
import { type Robot, remainingPath, STEP_SEC } from '../robot/robot.ts';
import { isFree, lengthOf } from '../world/route.ts';
import { durationMessage, poseMessage, yawOf } from './messages.ts';

export const NAVIGATE_TO_POSE = { action: '/navigate_to_pose', type: 'nav2_msgs/action/NavigateToPose' };

const MAP_FRAME = 'map';
/** Minimum speed for estimating the remaining time; below it Nav2 reports 0. */
const SLOW_MPS = 0.01;

/** The parts of a NavigateToPose goal that matter here. */
interface NavigationGoal {
  readonly pose: {
    readonly header: { readonly frame_id: string };
    readonly pose: {
      readonly position: { readonly x: number; readonly y: number };
      readonly orientation: { readonly x: number; readonly y: number; readonly z: number; readonly w: number };
    };
  };
  readonly behavior_tree: string;
}

/** Decodes a goal message. */
function decodeGoal(goal: RosMessage): NavigationGoal {
  return goal as RosMessage & NavigationGoal;
}

/** Converts a goal to an order. */
export function orderOf(id: string, goal: RosMessage): Order {
  const { position, orientation } = decodeGoal(goal).pose.pose;
  return { id, place: { x: position.x, y: position.y }, yaw: yawOf(orientation) };
}

/** Creates the goal message for an order. */
export function goalMessage(header: RosMessage, { place, yaw = 0 }: Order): RosMessage {
  return { pose: { header, pose: poseMessage({ ...place, yaw }) }, behavior_tree: '' };
}

/** Returns the reason why the robot rejects a goal, or `undefined`. */
export function goalProblem(goal: RosMessage): string | undefined {
  const { pose, behavior_tree } = decodeGoal(goal);
  const { frame_id } = pose.header;
  const { x, y } = pose.pose.position;
  if (frame_id !== '' && frame_id !== MAP_FRAME) return `there is no transform from ${frame_id} to ${MAP_FRAME}`;
  if (behavior_tree !== '') return `unknown behavior tree ${behavior_tree}`;
  if (!Number.isFinite(yawOf(pose.pose.orientation))) return 'its orientation is not a valid quaternion';
  return isFree({ x, y }) ? undefined : `the robot cannot stand at (${x.toFixed(2)}, ${y.toFixed(2)})`;
}

/** Returns the NavigateToPose feedback, or `undefined` without a goal. */
export function feedbackOf(robot: Robot, header: RosMessage): RosMessage | undefined {
  if (robot.goal === undefined) return undefined;
  const sec = (robot.step - robot.goal.since) * STEP_SEC;
  const remainingM = lengthOf(robot.pose, remainingPath(robot));
  const speedMps = robot.velocity.linearMps;
  return {
    current_pose: { header, pose: poseMessage(robot.pose) },
    navigation_time: durationMessage(sec),
    estimated_time_remaining: durationMessage(speedMps > SLOW_MPS ? remainingM / speedMps : 0),
    number_of_recoveries: robot.goal.recoveries,
    distance_remaining: remainingM,
  };
}

/** Action status and Nav2 error code for each outcome of a goal. */
export const GOAL_ENDS: Readonly<Record<GoalOutcome, GoalEnd>> = {
  reached: { status: 'succeeded' },
  canceled: { status: 'canceled' },
  preempted: { status: 'aborted', result: { error_msg: 'A newer goal has taken its place' } },
  // nav2_msgs/action/FollowPath: FAILED_TO_MAKE_PROGRESS, and UNKNOWN for a low battery, for which Nav2 has no code.
  'no-progress': { status: 'aborted', result: { error_code: 105, error_msg: 'Failed to make progress' } },
  'battery-low': { status: 'aborted', result: { error_code: 100, error_msg: 'The battery is too low to drive' } },
};
