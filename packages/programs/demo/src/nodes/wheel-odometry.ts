import { DemoNode } from './demo-node.ts';
import { publishDiagnostics } from './diagnostics.ts';
import { covariance, poseMessage, transformMessage, twistMessage, velocityOf } from './messages.ts';
import { parameter, requestedValue } from './parameter.ts';
import type { RobotView } from './robot-view.ts';

const PERIOD_MS = 50;
const JOINT_PERIOD_MS = 100;

const WHEEL_RADIUS_M = parameter('double', 'wheel_radius', 0.1, {
  description: 'Wheel radius in metres',
  readOnly: true,
});
const COVARIANCE_DIAGONAL = parameter('double_array', 'pose_covariance_diagonal', [0.01, 0.01, 0.03], {
  description: 'Variances of x, y and yaw in /odom',
  additionalConstraints: 'three values, none negative',
});
const PUBLISH_TF = parameter('bool', 'publish_tf', true, {
  description: 'Publish the transform from the odometry frame to the robot',
});

/** Beacon parameters of the node (docs/guides/beacons.md). */
const BEACON = [
  parameter('string', 'ros2_medkit.discovery.entity_id', 'wheel_odometry', {
    description: 'Entity that the beacon parameters describe',
    readOnly: true,
  }),
  parameter('string', 'ros2_medkit.discovery.metadata.firmware', '2.4.1', {
    description: 'Version of the drive unit',
    readOnly: true,
  }),
];

function varianceProblem(variances: readonly number[]): string | undefined {
  if (variances.length !== 3) return `expected three variances, not ${variances.length}`;
  return variances.every((variance) => variance >= 0) ? undefined : 'a variance cannot be negative';
}

/** Integrates wheel rotation: publishes /odom and /tf at 20 Hz, /joint_states at 10 Hz. */
export async function openWheelOdometry(view: RobotView): Promise<DemoNode> {
  const node = await DemoNode.open(view, {
    name: 'wheel_odometry',
    namespace: '/drive',
    parameters: [WHEEL_RADIUS_M, COVARIANCE_DIAGONAL, PUBLISH_TF, ...BEACON],
    onSet(wanted) {
      const variances = requestedValue(wanted, COVARIANCE_DIAGONAL);
      return variances && varianceProblem(variances);
    },
  });
  await node.publishEvery(PERIOD_MS, { name: '/odom', type: 'nav_msgs/msg/Odometry' }, () => {
    const { pose, velocity } = view.robot();
    const twist = twistMessage(velocity);
    const [x, y, yaw] = node.parameter(COVARIANCE_DIAGONAL);
    const variances = covariance(x, y, yaw);
    return {
      // The odometry frame and the map have the same origin.
      header: node.header('odom'),
      child_frame_id: 'base_link',
      pose: { pose: poseMessage(pose), covariance: variances },
      twist: { twist, covariance: variances },
    };
  });
  await node.publishEvery(PERIOD_MS, { name: '/tf', type: 'tf2_msgs/msg/TFMessage' }, () =>
    node.parameter(PUBLISH_TF)
      ? { transforms: [transformMessage(node.header('odom'), 'base_link', view.robot().pose)] }
      : undefined,
  );
  await node.publishEvery(JOINT_PERIOD_MS, { name: '/joint_states', type: 'sensor_msgs/msg/JointState' }, () => {
    const { wheelTravelM, velocity } = view.robot();
    return {
      header: node.header(''),
      name: ['wheel_left_joint', 'wheel_right_joint'],
      position: new Float64Array(2).fill(wheelTravelM / node.parameter(WHEEL_RADIUS_M)),
      velocity: new Float64Array(2).fill(velocity.linearMps / node.parameter(WHEEL_RADIUS_M)),
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
  const { command } = view;
  const commands = { name: '/cmd_vel', type: 'geometry_msgs/msg/Twist' };
  if (command === undefined) await node.listen(commands);
  else await node.subscribe(commands, ({ message }) => message && command(velocityOf(message)));
  return node;
}
