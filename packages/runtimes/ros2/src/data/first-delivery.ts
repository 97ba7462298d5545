import type { SourceTime, TopicSample } from '@medkit/ros2';

/** Publishers of one topic whose last sample is remembered; of those beyond, samples may come twice. */
const MAX_PUBLISHERS = 1024;

type Delivery = Pick<TopicSample, 'gid' | 'sequenceNumber'> & SourceTime;

/**
 * Tells whether a sample comes for the first time. A subscription that asks anew, because its publishers offer something
 * else now, is given what they keep once more. A publisher that counts from one again in a new life, under its old GUID as
 * Fast DDS may have it in a container, is told apart by the time at which it published.
 */
export function firstDeliveries(): (sample: Delivery) => boolean {
  const newest = new Map<string, Omit<Delivery, 'gid'>>();
  return ({ gid, sequenceNumber, sourceSeconds, sourceNanoseconds }) => {
    if (sourceSeconds < 0) return true;
    const time = { sequenceNumber, sourceSeconds, sourceNanoseconds };
    const last = newest.get(gid);
    if (last && sequenceNumber <= last.sequenceNumber && !isLater(time, last)) return false;
    newest.set(gid, time);
    if (newest.size > MAX_PUBLISHERS) newest.delete(newest.keys().next().value!);
    return true;
  };
}

const isLater = (one: SourceTime, other: SourceTime): boolean =>
  one.sourceSeconds > other.sourceSeconds ||
  (one.sourceSeconds === other.sourceSeconds && one.sourceNanoseconds > other.sourceNanoseconds);
