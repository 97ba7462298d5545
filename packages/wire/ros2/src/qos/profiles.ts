import type { QosProfile } from '../graph.ts';

/** rmw_qos_profile_default: the default of publishers and subscriptions. */
export const DEFAULT_PROFILE: QosProfile = {
  reliability: 'reliable',
  durability: 'volatile',
  history: 'keep_last',
  depth: 10,
  deadlineMs: null,
  lifespanMs: null,
  liveliness: 'automatic',
  livelinessLeaseMs: null,
};

/** rmw_qos_profile_sensor_data. */
export const SENSOR_DATA_PROFILE: QosProfile = { ...DEFAULT_PROFILE, reliability: 'best_effort', depth: 5 };

/** Maximum history depth of medkit's endpoints, because samples may have any size. */
export const MAX_DEPTH = 10_000;

/**
 * Returns the strictest profile that every one of `offered` grants, as `ros2 topic echo` does: reliable only if all
 * are, transient local only if all are. Without publishers: best effort and volatile, which match anything.
 */
export function matchingProfile(offered: readonly QosProfile[]): QosProfile {
  const some = offered.length > 0;
  return {
    ...DEFAULT_PROFILE,
    reliability: some && offered.every(({ reliability }) => reliability === 'reliable') ? 'reliable' : 'best_effort',
    durability:
      some && offered.every(({ durability }) => durability === 'transient_local') ? 'transient_local' : 'volatile',
  };
}
