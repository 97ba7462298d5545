import type { OfferedQos } from '@medkit/faults';
import type { RosEndpoint } from '@medkit/ros2';

/** A vendor whose publishers do not announce their history depth. */
const RETICENT_VENDOR = 'Fast DDS';

/**
 * Returns the QoS that a publisher offers. If it announces no history, DDS assumes keep last 1. A recording must not
 * claim that, or playback would use a lower depth than the original.
 */
export function offeredQos({ qos }: Pick<RosEndpoint, 'qos'>, vendor: string | undefined): OfferedQos {
  const isAssumed = vendor === RETICENT_VENDOR && qos.history === 'keep_last' && qos.depth === 1;
  return isAssumed ? { ...qos, history: 'unknown', depth: 0 } : qos;
}

/**
 * Returns how many samples a publisher stores for late subscriptions. Assumes one, as most do, if the depth is unknown.
 */
export function latchedDepthOf({ durability, history, depth }: OfferedQos): number {
  if (durability !== 'transient_local') return 0;
  if (history === 'unknown') return 1;
  return history === 'keep_all' ? Number.POSITIVE_INFINITY : depth;
}
