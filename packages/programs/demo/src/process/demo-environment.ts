/** Environment variables as in `process.env`. */
export type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Domain of the demo. Its ports (7400 + 250 × 221 and up) are above the ephemeral ports of Linux, and no robot uses it by
 * default.
 */
export const DEMO_DOMAIN_ID = 221;

/** Variables that would expose the ROS traffic of the demo to the network, or apply settings of another robot. */
const FOREIGN = /^(?:ROS_|RMW_|CYCLONEDDS_|FASTRTPS_|FASTDDS_)/;
/** Exceptions: variables that only locate message definitions. */
const HARMLESS = new Set(['ROS_DISTRO', 'ROS_VERSION', 'ROS_PYTHON_VERSION']);

/** Returns the environment for all processes of the demo: loopback only, independent of the shell. */
export function demoEnvironment(environment: Environment, domainId: number): Environment {
  const allowed = Object.entries(environment).filter(([name]) => !FOREIGN.test(name) || HARMLESS.has(name));
  return {
    ...Object.fromEntries(allowed),
    ROS_DOMAIN_ID: String(domainId),
    ROS_AUTOMATIC_DISCOVERY_RANGE: 'LOCALHOST',
  };
}
