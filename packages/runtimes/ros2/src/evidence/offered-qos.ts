import type { OfferedQos } from '@medkit/faults';
import type { RosEndpoint } from '@medkit/ros2';

/** A vendor whose publishers keep to themselves how many samples they keep. */
const RETICENT_VENDOR = 'Fast DDS';

/**
 * QoS that a publisher offers. Where it does not say what history it has, DDS takes it for the last sample alone; a
 * recording is not to claim that, or it would be played with less than was offered.
 */
export function offeredQos({ qos }: Pick<RosEndpoint, 'qos'>, vendor: string | undefined): OfferedQos {
  const isAssumed = vendor === RETICENT_VENDOR && qos.history === 'keep_last' && qos.depth === 1;
  return isAssumed ? { ...qos, history: 'unknown', depth: 0 } : qos;
}

/** Samples that a publisher keeps for subscriptions to come: one, as most do, where nobody knows how many. */
export function latchedDepthOf({ durability, history, depth }: OfferedQos): number {
  if (durability !== 'transient_local') return 0;
  if (history === 'unknown') return 1;
  return history === 'keep_all' ? Number.POSITIVE_INFINITY : depth;
}
