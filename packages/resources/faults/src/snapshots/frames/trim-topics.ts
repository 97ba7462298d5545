import type { CapturedSample, CapturedTopic } from '../../storage/pending-capture.ts';
import type { BufferedTopic, RawSample } from '../../topic-sampler.ts';

/**
 * Maximum samples in the history of a topic, and their maximum bytes. Beyond it, some samples in between are left out.
 */
export const MAX_HISTORY_POINTS = 1024;
export const MAX_HISTORY_OCTETS = 262_144;
/** Maximum bytes of a message with a history. A larger one is a map or an image. */
export const MAX_HISTORY_MESSAGE_OCTETS = 4096;
/**
 * Maximum bytes of messages in one capture that are written with the fault, so that its report is acknowledged quickly.
 */
export const MAX_CAPTURE_OCTETS = 1_048_576;
/** Bytes stored of a message that is too large. */
export const HEAD_OCTETS = 1024;

/**
 * Returns what to store of a topic: its last message, or the head of one beyond `maxMessageOctets`, and the history
 * before it.
 */
export function trimTopic({ topic, runtime, type, samples }: BufferedTopic, maxMessageOctets: number): CapturedTopic {
  const last = samples[samples.length - 1];
  const isSmall = last.octets.length <= Math.min(maxMessageOctets, MAX_HISTORY_MESSAGE_OCTETS);
  const before = isSmall ? samples.slice(0, -1) : [];
  const small = before.filter(({ octets }) => octets.length <= MAX_HISTORY_MESSAGE_OCTETS).map(whole);
  const octets = octetsOf({ samples: small });
  const maxPoints = Math.min(MAX_HISTORY_POINTS, Math.floor((small.length * MAX_HISTORY_OCTETS) / Math.max(1, octets)));
  return {
    topic,
    ...(runtime !== undefined && { runtime }),
    type,
    samples: [...downsample(small, maxPoints), last.octets.length > maxMessageOctets ? headOf(last) : whole(last)],
  };
}

/**
 * Reduces a series evenly to at most `most` elements: the last one, and every second, third or further one before it.
 */
export function downsample<T>(series: readonly T[], maxPoints: number): readonly T[] {
  if (maxPoints <= 0) return [];
  const step = Math.ceil(series.length / maxPoints);
  return step <= 1 ? series : series.filter((_, at) => (series.length - 1 - at) % step === 0);
}

/**
 * Returns the topics that fit into one capture, in order. If space is short, a topic has a thinner history or none; if
 * its last message does not fit, it is left out.
 */
export function fitTopics(topics: readonly CapturedTopic[], maxOctets: number): readonly CapturedTopic[] {
  let room = maxOctets;
  return topics.flatMap((topic) => {
    const thinned = THINNINGS.map(
      (maxPoints): CapturedTopic => ({ ...topic, samples: downsample(topic.samples, maxPoints) }),
    ).find((each) => octetsOf(each) <= room);
    room -= thinned === undefined ? 0 : octetsOf(thinned);
    return thinned ?? [];
  });
}

/** Returns the stored bytes of a topic. */
export const octetsOf = ({ samples }: Pick<CapturedTopic, 'samples'>): number =>
  samples.reduce((sum, { octets }) => sum + octets.length, 0);

/** Numbers of samples to try for a topic, largest first. */
const THINNINGS = [MAX_HISTORY_POINTS + 1, 256, 64, 16, 1];

const whole = ({ octets, receivedNs }: RawSample): CapturedSample => ({ octets, size: octets.length, receivedNs });

const headOf = ({ octets, receivedNs }: RawSample): CapturedSample => ({
  octets: octets.slice(0, HEAD_OCTETS),
  size: octets.length,
  receivedNs,
});
