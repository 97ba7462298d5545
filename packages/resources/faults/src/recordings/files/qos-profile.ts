import type { OfferedQos } from '../tap/tap-provider.ts';

/** `RMW_DURATION_INFINITE`: 2^63 - 1 nanoseconds. */
const INFINITE = { sec: 9_223_372_036, nsec: 854_775_807 };

/** Converts QoS to the format of rosbag2 since metadata version 9, with the names of the ROS command line. */
export function qosProfile(qos: OfferedQos): Readonly<Record<string, unknown>> {
  return {
    history: qos.history,
    depth: qos.depth,
    reliability: qos.reliability,
    durability: qos.durability,
    deadline: duration(qos.deadlineMs),
    lifespan: duration(qos.lifespanMs),
    liveliness: qos.liveliness,
    liveliness_lease_duration: duration(qos.livelinessLeaseMs),
    avoid_ros_namespace_conventions: false,
  };
}

function duration(ms: number | null): { readonly sec: number; readonly nsec: number } {
  if (ms === null) return INFINITE;
  const sec = Math.floor(ms / 1000);
  return { sec, nsec: Math.round((ms - sec * 1000) * 1e6) };
}
