import { DemoNode, LATCHED_QOS, SENSOR_QOS } from './demo-node.ts';
import { covariance, poseMessage, transformMessage } from './messages.ts';
import type { RobotView } from './robot-view.ts';

const POSE_PERIOD_MS = 500;
const TRANSFORM_PERIOD_MS = 100;
const NOISE_M = 0.02;
const POSE_COVARIANCE = covariance(0.02, 0.02, 0.01);

/** Finds the robot on the map: /amcl_pose at 2 Hz, and the transform from the map to the odometry frame. */
export async function openAmcl(view: RobotView): Promise<DemoNode> {
  const node = await DemoNode.open(view, { name: 'amcl', namespace: '/navigation' });
  const noise = () => (view.random.float() - 0.5) * NOISE_M;
  const estimate = { name: '/amcl_pose', type: 'geometry_msgs/msg/PoseWithCovarianceStamped', qos: LATCHED_QOS };
  await node.publishEvery(POSE_PERIOD_MS, estimate, () => {
    const { x, y, yaw } = view.robot().pose;
    const pose = poseMessage({ x: x + noise(), y: y + noise(), yaw });
    return { header: node.header('map'), pose: { pose, covariance: POSE_COVARIANCE } };
  });
  await node.publishEvery(TRANSFORM_PERIOD_MS, { name: '/tf', type: 'tf2_msgs/msg/TFMessage' }, () => ({
    transforms: [transformMessage(node.header('map'), 'odom', { x: 0, y: 0, yaw: 0 })],
  }));
  await node.listen({ name: '/scan', type: 'sensor_msgs/msg/LaserScan', qos: SENSOR_QOS });
  await node.listen({ name: '/map', type: 'nav_msgs/msg/OccupancyGrid', qos: LATCHED_QOS });
  return node;
}
