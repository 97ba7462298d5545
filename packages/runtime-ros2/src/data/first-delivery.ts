import type { TopicSample } from '@medkit/ros2';

/** Publishers of one topic whose last sample is remembered; of those beyond, samples may come twice. */
const MAX_PUBLISHERS = 1024;

type Delivery = Pick<TopicSample, 'gid' | 'sequenceNumber' | 'sourceNs'>;

/**
 * Tells whether a sample comes for the first time. A subscription that asks anew, because its publishers offer something
 * else now, is given what they keep once more. A publisher that counts from one again in a new life, under its old GUID as
 * Fast DDS may have it in a container, is told apart by the time at which it published.
 */
export function firstDeliveries(): (sample: Delivery) => boolean {
  const newest = new Map<string, { readonly sequenceNumber: number; readonly sourceNs: bigint }>();
  return ({ gid, sequenceNumber, sourceNs }) => {
    if (sourceNs === undefined) return true;
    const last = newest.get(gid);
    if (last && sequenceNumber <= last.sequenceNumber && sourceNs <= last.sourceNs) return false;
    newest.set(gid, { sequenceNumber, sourceNs });
    if (newest.size > MAX_PUBLISHERS) newest.delete(newest.keys().next().value!);
    return true;
  };
}
