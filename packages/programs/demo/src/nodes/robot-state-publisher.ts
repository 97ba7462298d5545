import type { RosMessage } from '@medkit/ros2';
import { LIDAR_FORWARD_M } from '../robot/robot.ts';
import { DemoNode, LATCHED_QOS } from './demo-node.ts';
import { transformMessage } from './messages.ts';
import { parameter } from './parameter.ts';
import type { RobotView } from './robot-view.ts';

export const ROBOT_STATE_PUBLISHER = '/drive/robot_state_publisher';

const WHEELS = ['left', 'right'];
const HALF_TRACK_M = 0.22;

const DESCRIPTION = [
  '<?xml version="1.0"?>',
  '<robot name="amr_demo">',
  '  <link name="base_link"/>',
  '  <link name="laser"/>',
  '  <link name="camera"/>',
  `  <joint name="laser_joint" type="fixed"><parent link="base_link"/><child link="laser"/><origin xyz="${LIDAR_FORWARD_M} 0 0.22"/></joint>`,
  '  <joint name="camera_joint" type="fixed"><parent link="base_link"/><child link="camera"/><origin xyz="0.2 0 0.6"/></joint>',
  ...WHEELS.map((side) => `  <link name="wheel_${side}"/>`),
  ...WHEELS.map(
    (side) =>
      `  <joint name="wheel_${side}_joint" type="continuous"><parent link="base_link"/><child link="wheel_${side}"/><axis xyz="0 1 0"/></joint>`,
  ),
  '</robot>',
].join('\n');

const ROBOT_DESCRIPTION = parameter('string', 'robot_description', DESCRIPTION, {
  description: 'The robot as URDF',
  readOnly: true,
});

/** geometry_msgs/msg/TransformStamped of a wheel that has turned by `angle`. */
function wheelTransform(header: RosMessage, side: string, angle: number): RosMessage {
  const rotation = { x: 0, y: Math.sin(angle / 2), z: 0, w: Math.cos(angle / 2) };
  const translation = { x: 0, y: side === 'left' ? HALF_TRACK_M : -HALF_TRACK_M, z: 0 };
  return { header, child_frame_id: `wheel_${side}`, transform: { translation, rotation } };
}

/**
 * Publishes the shape of the robot once, latched, on /robot_description and /tf_static. Publishes the wheel transforms on /tf for
 * every message on /joint_states.
 */
export async function openRobotStatePublisher(view: RobotView): Promise<DemoNode> {
  const node = await DemoNode.open(view, {
    name: 'robot_state_publisher',
    namespace: '/drive',
    parameters: [ROBOT_DESCRIPTION],
  });
  const description = { name: '/robot_description', type: 'std_msgs/msg/String', qos: LATCHED_QOS };
  (await node.publisher(description))({ data: node.parameter(ROBOT_DESCRIPTION) });
  const transforms = { name: '/tf_static', type: 'tf2_msgs/msg/TFMessage', qos: LATCHED_QOS };
  (await node.publisher(transforms))({
    transforms: [
      transformMessage(node.header('base_link'), 'laser', { x: LIDAR_FORWARD_M, y: 0, yaw: 0 }, 0.22),
      transformMessage(node.header('base_link'), 'camera', { x: 0.2, y: 0, yaw: 0 }, 0.6),
    ],
  });
  const moving = await node.publisher({ name: '/tf', type: 'tf2_msgs/msg/TFMessage' });
  await node.subscribe({ name: '/joint_states', type: 'sensor_msgs/msg/JointState' }, ({ message }) => {
    const turned = message?.position as ArrayLike<number> | undefined;
    const header = node.header('base_link');
    moving({ transforms: WHEELS.map((side, at) => wheelTransform(header, side, turned?.[at] ?? 0)) });
  });
  return node;
}
