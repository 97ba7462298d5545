/** RMW implementations that use RTPS, like medkit. */
const RTPS_IMPLEMENTATIONS: readonly string[] = [
  'rmw_cyclonedds_cpp',
  'rmw_fastrtps_cpp',
  'rmw_fastrtps_dynamic_cpp',
  'rmw_connextdds',
];

/** Environment variables by name. */
export type Variables = Readonly<Record<string, string | undefined>>;

/** Returns one sentence for each setting that prevents medkit from seeing the robot's nodes. */
export function unsupportedSettings(variables: Variables): readonly string[] {
  const found: string[] = [];
  const rmw = variables.RMW_IMPLEMENTATION ?? '';
  if (rmw === 'rmw_zenoh_cpp') {
    found.push('RMW_IMPLEMENTATION is rmw_zenoh_cpp: its nodes use Zenoh; medkit uses DDS and cannot discover them.');
  } else if (rmw !== '' && !RTPS_IMPLEMENTATIONS.includes(rmw)) {
    found.push(
      `RMW_IMPLEMENTATION is ${rmw}, which medkit does not know: medkit discovers its nodes only if they use DDS.`,
    );
  }
  if (variables.ROS_DISCOVERY_SERVER) {
    found.push(
      'ROS_DISCOVERY_SERVER is set: nodes that use a Fast DDS Discovery Server announce themselves only to that server, and medkit cannot query it.',
    );
  }
  if (variables.ROS_SECURITY_ENABLE === 'true') {
    found.push('ROS_SECURITY_ENABLE is true: medkit does not support SROS2 and cannot communicate with secured nodes.');
  }
  return found;
}
