import type { TopicSample } from '@medkit/ros2';
import { MAX_LINEAR_MPS } from '../robot/drive.ts';
import { goalOf, type Robot } from '../robot/robot.ts';
import { clearanceOf, STOP_DISTANCE_M } from '../robot/step.ts';
import { DemoNode, SENSOR_QOS } from './demo-node.ts';
import { type Diagnosis, publishDiagnostics } from './diagnostics.ts';
import { pathMessage } from './messages.ts';
import type { RobotView } from './robot-view.ts';

const PERIOD_MS = 100;
const LOCAL_PLAN_PERIOD_MS = 500;
const LOOK_AHEAD_M = 2;
const SPACING_M = 0.1;

function diagnose(robot: Robot): Diagnosis {
  const values = { commanded_vx: robot.velocity.linearMps.toFixed(3), phase: robot.phase };
  return robot.phase === 'blocked'
    ? { level: 'error', message: `Speed clamped to 0: somebody within ${STOP_DISTANCE_M} m`, values }
    : { level: 'ok', message: 'Following the plan', values };
}

function localPlan(node: DemoNode, robot: Robot) {
  const goal = goalOf(robot);
  const distance = Math.hypot(goal.x - robot.pose.x, goal.y - robot.pose.y);
  const part = Math.min(1, LOOK_AHEAD_M / Math.max(distance, SPACING_M));
  const ahead = { x: robot.pose.x + (goal.x - robot.pose.x) * part, y: robot.pose.y + (goal.y - robot.pose.y) * part };
  return pathMessage(node.header('map'), robot.pose, ahead, SPACING_M);
}

/** Follows the plan: /cmd_vel at 10 Hz, zero while somebody is in the way. Obeys /speed_limit. */
export async function openControllerServer(view: RobotView): Promise<DemoNode> {
  const node = await DemoNode.open(view, { name: 'controller_server', namespace: '/navigation' });
  await node.publishEvery(PERIOD_MS, { name: '/cmd_vel', type: 'geometry_msgs/msg/Twist' }, () => {
    const { linearMps, angularRps } = view.robot().velocity;
    return { linear: { x: linearMps, y: 0, z: 0 }, angular: { x: 0, y: 0, z: angularRps } };
  });
  await node.publishEvery(LOCAL_PLAN_PERIOD_MS, { name: '/local_plan', type: 'nav_msgs/msg/Path' }, () =>
    localPlan(node, view.robot()),
  );
  await publishDiagnostics(node, {
    name: 'controller_server: path following',
    hardwareId: 'amr-demo',
    diagnose: () => diagnose(view.robot()),
  });
  await node.listen({ name: '/odom', type: 'nav_msgs/msg/Odometry' });
  await node.listen({ name: '/scan', type: 'sensor_msgs/msg/LaserScan', qos: SENSOR_QOS });
  await node.subscribe({ name: '/speed_limit', type: 'std_msgs/msg/Float32' }, ({ message }: TopicSample) => {
    const asked = Number(message?.data);
    if (!(asked >= 0)) return node.log('warn', `Speed limit ${asked} refused: it must be 0 m/s or more`);
    const limitMps = Math.min(asked, MAX_LINEAR_MPS);
    view.limitSpeed(limitMps);
    node.log('info', `Speed limit ${limitMps.toFixed(2)} m/s`);
  });
  view.onEvent((event) => {
    if (event === 'path-blocked') {
      const metres = clearanceOf(view.robot()).toFixed(2);
      node.log('warn', `Collision ahead in ${metres} m: commanded speed clamped to 0`);
    } else if (event === 'path-clear') node.log('info', 'Path clear again');
    else if (event === 'goal-aborted') node.log('error', 'Failed to make progress');
  });
  return node;
}
