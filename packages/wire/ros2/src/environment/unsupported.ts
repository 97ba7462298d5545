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
    found.push('RMW_IMPLEMENTATION is rmw_zenoh_cpp: its nodes speak Zenoh, medkit speaks DDS and cannot see them.');
  } else if (rmw !== '' && !RTPS_IMPLEMENTATIONS.includes(rmw)) {
    found.push(`RMW_IMPLEMENTATION is ${rmw}, which medkit does not know: its nodes are seen only if they speak DDS.`);
  }
  if (variables.ROS_DISCOVERY_SERVER) {
    found.push(
      'ROS_DISCOVERY_SERVER is set: nodes that use a Fast DDS Discovery Server announce themselves to it alone, and medkit cannot ask it.',
    );
  }
  if (variables.ROS_SECURITY_ENABLE === 'true') {
    found.push('ROS_SECURITY_ENABLE is true: medkit does not speak SROS2, and secured nodes will not talk to it.');
  }
  return found;
}
