import type { TapSample } from '@medkit/faults';
import { sourceNsOf, type TopicSample } from '@medkit/ros2';
import { receivedNsOf } from '../data/received-ns.ts';

/**
 * A message may be part of a larger buffer (datagram or batch) that it keeps in memory. If more than this share of its
 * size would be wasted, the message is copied.
 */
const MAX_WASTE = 0.25;

/** Returns a message as stored evidence; its bytes are not copied if they fill nearly all of their buffer. */
export function receivedSample(sample: TopicSample): TapSample {
  const { cdr, gid } = sample;
  const wasted = cdr.buffer.byteLength - cdr.byteLength;
  return {
    octets: wasted > cdr.byteLength * MAX_WASTE ? cdr.slice() : cdr,
    receivedNs: receivedNsOf(sample),
    publishedNs: sourceNsOf(sample),
    publisher: gid,
  };
}
