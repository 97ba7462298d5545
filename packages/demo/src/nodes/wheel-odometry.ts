import { DemoNode } from './demo-node.ts';
import { publishDiagnostics } from './diagnostics.ts';
import { covariance, poseMessage, transformMessage } from './messages.ts';
import type { RobotView } from './robot-view.ts';

const PERIOD_MS = 50;
const JOINT_PERIOD_MS = 100;
const WHEEL_RADIUS_M = 0.1;
/** The odometry frame has its origin where the robot was switched on. */
const ODOM_COVARIANCE = covariance(0.01, 0.01, 0.03);

/** Integrates the turning of the wheels: /odom and /tf at 20 Hz, /joint_states at 10 Hz. */
export async function openWheelOdometry(view: RobotView): Promise<DemoNode> {
  const node = await DemoNode.open(view, { name: 'wheel_odometry', namespace: '/drive' });
  await node.publishEvery(PERIOD_MS, { name: '/odom', type: 'nav_msgs/msg/Odometry' }, () => {
    const { pose, velocity } = view.robot();
    const twist = {
      linear: { x: velocity.linearMps, y: 0, z: 0 },
      angular: { x: 0, y: 0, z: velocity.angularRps },
    };
    return {
      header: node.header('odom'),
      child_frame_id: 'base_link',
      pose: { pose: poseMessage(pose), covariance: ODOM_COVARIANCE },
      twist: { twist, covariance: ODOM_COVARIANCE },
    };
  });
  await node.publishEvery(PERIOD_MS, { name: '/tf', type: 'tf2_msgs/msg/TFMessage' }, () => ({
    transforms: [transformMessage(node.header('odom'), 'base_link', view.robot().pose)],
  }));
  await node.publishEvery(JOINT_PERIOD_MS, { name: '/joint_states', type: 'sensor_msgs/msg/JointState' }, () => {
    const { wheelTravelM, velocity } = view.robot();
    return {
      header: node.header(''),
      name: ['wheel_left_joint', 'wheel_right_joint'],
      position: new Float64Array(2).fill(wheelTravelM / WHEEL_RADIUS_M),
      velocity: new Float64Array(2).fill(velocity.linearMps / WHEEL_RADIUS_M),
    };
  });
  await publishDiagnostics(node, {
    name: 'wheel_odometry: encoders',
    hardwareId: 'drive-unit-7',
    diagnose: () => ({
      level: 'ok',
      message: 'Encoders in step',
      values: { travel_m: view.robot().wheelTravelM.toFixed(1) },
    }),
  });
  await node.listen({ name: '/cmd_vel', type: 'geometry_msgs/msg/Twist' });
  return node;
}
