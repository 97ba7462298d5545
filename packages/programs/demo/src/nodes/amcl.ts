import { DemoNode, LATCHED_QOS, SENSOR_QOS } from './demo-node.ts';
import { covariance, poseMessage, transformMessage } from './messages.ts';
import { parameter, requestedValue } from './parameter.ts';
import type { RobotView } from './robot-view.ts';

const POSE_PERIOD_MS = 500;
const TRANSFORM_PERIOD_MS = 100;
const NOISE_M = 0.02;
const VARIANCE_M2 = 0.02;
const YAW_VARIANCE = 0.01;
/** Time that the filter needs to converge after the particles were spread over the whole map. */
const CONVERGENCE_MS = 10_000;
/** Uncertainty factor with all particles spread. */
const SPREAD_FACTOR = 100;
const ENOUGH_PARTICLES = 2000;

const PARTICLES = { from: 100n, to: 5000n, step: 100n };
const MIN_PARTICLES = parameter('int', 'min_particles', 500n, {
  description: 'Minimum number of particles',
  additionalConstraints: 'not above max_particles',
  integerRange: PARTICLES,
});
const MAX_PARTICLES = parameter('int', 'max_particles', BigInt(ENOUGH_PARTICLES), {
  description: 'Maximum number of particles; fewer particles make the pose noisier',
  additionalConstraints: 'not below min_particles',
  integerRange: PARTICLES,
});
const TF_BROADCAST = parameter('bool', 'tf_broadcast', true, {
  description: 'Publish the transform from the map to the odometry frame',
});

/** Localizes the robot: publishes /amcl_pose at 2 Hz, and the transform from the map to the odometry frame. */
export async function openAmcl(view: RobotView): Promise<DemoNode> {
  const node: DemoNode = await DemoNode.open(view, {
    name: 'amcl',
    namespace: '/navigation',
    parameters: [MIN_PARTICLES, MAX_PARTICLES, TF_BROADCAST],
    onSet(wanted) {
      const least = requestedValue(wanted, MIN_PARTICLES) ?? node.parameter(MIN_PARTICLES);
      const most = requestedValue(wanted, MAX_PARTICLES) ?? node.parameter(MAX_PARTICLES);
      return least > most ? `min_particles (${least}) must not be above max_particles (${most})` : undefined;
    },
  });
  let spreadAtMs = Number.NEGATIVE_INFINITY;
  /** Returns the uncertainty factor of the pose; 1 is normal. */
  const doubt = () => {
    const spread = Math.max(0, 1 - (view.clock.monotonicMs() - spreadAtMs) / CONVERGENCE_MS);
    const particles = Number(node.parameter(MAX_PARTICLES));
    return (1 + spread * SPREAD_FACTOR) * Math.sqrt(ENOUGH_PARTICLES / particles);
  };
  const noise = () => (view.random.float() - 0.5) * NOISE_M * doubt();
  const estimate = { name: '/amcl_pose', type: 'geometry_msgs/msg/PoseWithCovarianceStamped', qos: LATCHED_QOS };
  await node.publishEvery(POSE_PERIOD_MS, estimate, () => {
    const { x, y, yaw } = view.robot().pose;
    const pose = poseMessage({ x: x + noise(), y: y + noise(), yaw });
    const variance = VARIANCE_M2 * doubt();
    return {
      header: node.header('map'),
      pose: { pose, covariance: covariance(variance, variance, YAW_VARIANCE * doubt()) },
    };
  });
  await node.publishEvery(TRANSFORM_PERIOD_MS, { name: '/tf', type: 'tf2_msgs/msg/TFMessage' }, () =>
    node.parameter(TF_BROADCAST)
      ? { transforms: [transformMessage(node.header('map'), 'odom', { x: 0, y: 0, yaw: 0 })] }
      : undefined,
  );
  await node.service('global_localization', 'std_srvs/srv/Empty', () => {
    spreadAtMs = view.clock.monotonicMs();
    node.log('info', `Spread ${node.parameter(MAX_PARTICLES)} particles over the whole map`);
    return {};
  });
  await node.listen({ name: '/scan', type: 'sensor_msgs/msg/LaserScan', qos: SENSOR_QOS });
  await node.listen({ name: '/map', type: 'nav_msgs/msg/OccupancyGrid', qos: LATCHED_QOS });
  return node;
}
