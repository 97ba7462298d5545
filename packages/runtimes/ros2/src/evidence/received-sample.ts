import type { TapSample } from '@medkit/faults';
import { sourceNsOf, type TopicSample } from '@medkit/ros2';
import { receivedNsOf } from '../data/received-ns.ts';

/**
 * A message may be a part of a datagram or batch that arrived with others, all of which it keeps alive. What is kept for
 * longer may waste as much of its own length, as a share: beyond it the message is copied out.
 */
const MAX_WASTE = 0.25;

/** A message as evidence keeps it, its octets not copied where they are nearly all of their buffer. */
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
