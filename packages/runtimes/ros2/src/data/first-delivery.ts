import type { SourceTime, TopicSample } from '@medkit/ros2';

/** Publishers of a topic whose last sample is tracked; samples of further publishers may be delivered twice. */
const MAX_PUBLISHERS = 1024;

type Delivery = Pick<TopicSample, 'gid' | 'sequenceNumber'> & SourceTime;

/**
 * Returns a filter that accepts each sample once. A subscription that is renewed, because its publishers changed their
 * offer, receives stored samples again. A publisher may restart at number one under its old GUID, as Fast DDS does in
 * containers; its samples are recognized by their later source time.
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
