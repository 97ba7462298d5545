/** Environment variables, as `process.env` has them. */
export type Environment = Readonly<Record<string, string | undefined>>;

/**
 * The domain of the demo. Its ports (7400 + 250 × 221 and up) lie above those that Linux gives to outgoing connections,
 * and no robot is set to it by default.
 */
export const DEMO_DOMAIN_ID = 221;

/** Variables that would let ROS traffic of the demo out of this machine, or another robot's settings in. */
const FOREIGN = /^(?:ROS_|RMW_|CYCLONEDDS_|FASTRTPS_|FASTDDS_)/;
/** They only say where message definitions are. */
const HARMLESS = new Set(['ROS_DISTRO', 'ROS_VERSION', 'ROS_PYTHON_VERSION']);

/** The environment with which everything of the demo joins its domain: loopback only, whatever the shell says. */
export function demoEnvironment(environment: Environment, domainId: number): Environment {
  const kept = Object.entries(environment).filter(([name]) => !FOREIGN.test(name) || HARMLESS.has(name));
  return {
    ...Object.fromEntries(kept),
    ROS_DOMAIN_ID: String(domainId),
    ROS_AUTOMATIC_DISCOVERY_RANGE: 'LOCALHOST',
  };
}
