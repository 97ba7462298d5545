import type { TopicSample } from '@medkit/ros2';
import { PATIENCE_SEC } from '../robot/conditions.ts';
import { MAX_LINEAR_MPS } from '../robot/drive.ts';
import { type Robot, remainingPath } from '../robot/robot.ts';
import { clearanceOf, STOP_DISTANCE_M } from '../robot/step.ts';
import { distanceBetween } from '../world/route.ts';
import { DemoNode, SENSOR_QOS } from './demo-node.ts';
import { type Diagnosis, publishDiagnostics } from './diagnostics.ts';
import { pathMessage, twistMessage } from './messages.ts';
import { parameter, requestedValue } from './parameter.ts';
import type { RobotView } from './robot-view.ts';

const PERIOD_MS = 100;
const LOCAL_PLAN_PERIOD_MS = 500;
const LOOK_AHEAD_M = 2;
const SPACING_M = 0.1;

const MAX_SPEED_MPS = parameter('double', 'max_speed_mps', MAX_LINEAR_MPS, {
  description: 'Maximum speed of the robot in m/s; /speed_limit can only reduce it',
  additionalConstraints: 'cannot be changed while an obstacle blocks the path',
  floatRange: { from: 0.1, to: MAX_LINEAR_MPS, step: 0.05 },
});
const MOVEMENT_TIME_SEC = parameter('double', 'progress_checker.movement_time_allowance', PATIENCE_SEC, {
  description: 'Seconds without progress after which the goal is aborted',
  floatRange: { from: 1, to: 60, step: 0 },
});

/** With a safety gate, reports only that the robot waits: the gate reports the reason. */
function diagnose({ robot, command }: RobotView): Diagnosis {
  const { phase, velocity } = robot();
  const values = { commanded_vx: velocity.linearMps.toFixed(3), phase };
  if (phase !== 'blocked') return { level: 'ok', message: 'Following the plan', values };
  return command === undefined
    ? { level: 'error', message: `Speed clamped to 0: obstacle within ${STOP_DISTANCE_M} m`, values }
    : { level: 'ok', message: 'Waiting for progress', values };
}

function localPlan(node: DemoNode, robot: Robot) {
  const [next] = remainingPath(robot);
  const part = Math.min(1, LOOK_AHEAD_M / Math.max(distanceBetween(robot.pose, next), SPACING_M));
  const ahead = { x: robot.pose.x + (next.x - robot.pose.x) * part, y: robot.pose.y + (next.y - robot.pose.y) * part };
  return pathMessage(node.header('map'), [robot.pose, ahead], SPACING_M);
}

/**
 * Follows the plan: publishes /cmd_vel at 10 Hz, zero while a person is in the way. Obeys /speed_limit. With a safety gate, it
 * publishes the requested velocity on /cmd_vel_nav, and the gate handles people.
 */
export async function openControllerServer(view: RobotView): Promise<DemoNode> {
  let limitMps = MAX_LINEAR_MPS;
  const node = await DemoNode.open(view, {
    name: 'controller_server',
    namespace: '/navigation',
    parameters: [MAX_SPEED_MPS, MOVEMENT_TIME_SEC],
    onSet(wanted) {
      const maxSpeedMps = requestedValue(wanted, MAX_SPEED_MPS);
      if (maxSpeedMps !== undefined) {
        if (view.robot().phase === 'blocked') return 'an obstacle blocks the path: wait until the path is clear';
        view.change({ speedLimitMps: Math.min(maxSpeedMps, limitMps) });
      }
      const patienceSec = requestedValue(wanted, MOVEMENT_TIME_SEC);
      if (patienceSec !== undefined) view.change({ patienceSec });
      return undefined;
    },
  });
  const topic = view.command === undefined ? '/cmd_vel' : '/cmd_vel_nav';
  await node.publishEvery(PERIOD_MS, { name: topic, type: 'geometry_msgs/msg/Twist' }, () =>
    twistMessage(view.robot().wanted),
  );
  await node.publishEvery(LOCAL_PLAN_PERIOD_MS, { name: '/local_plan', type: 'nav_msgs/msg/Path' }, () =>
    localPlan(node, view.robot()),
  );
  await publishDiagnostics(node, {
    name: 'controller_server: path following',
    hardwareId: 'amr-demo',
    diagnose: () => diagnose(view),
  });
  await node.listen({ name: '/odom', type: 'nav_msgs/msg/Odometry' });
  await node.listen({ name: '/scan', type: 'sensor_msgs/msg/LaserScan', qos: SENSOR_QOS });
  await node.subscribe({ name: '/speed_limit', type: 'std_msgs/msg/Float32' }, ({ message }: TopicSample) => {
    const requestedMps = Number(message?.data);
    if (!(requestedMps >= 0)) return node.log('warn', `Speed limit ${requestedMps} refused: it must be 0 m/s or more`);
    limitMps = Math.min(requestedMps, MAX_LINEAR_MPS);
    view.change({ speedLimitMps: Math.min(limitMps, node.parameter(MAX_SPEED_MPS)) });
    node.log('info', `Speed limit ${limitMps.toFixed(2)} m/s`);
  });
  view.onEvent((event) => {
    if (event === 'path-blocked') {
      const metres = clearanceOf(view.robot()).toFixed(2);
      if (view.command) node.log('warn', 'The robot does not move as commanded: waiting for progress');
      else node.log('warn', `Collision ahead in ${metres} m: commanded speed clamped to 0`);
    } else if (event === 'path-clear') node.log('info', 'Path clear again');
    else if (event === 'goal-aborted') node.log('error', 'Failed to make progress');
  });
  return node;
}
