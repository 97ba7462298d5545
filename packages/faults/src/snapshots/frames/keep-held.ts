import type { KeptSample, KeptTopic } from '../../storage/pending-capture.ts';
import type { HeldTopic, RawSample } from '../sampler/topic-sampler.ts';

/** Samples of a topic that make its history. */
export const MAX_HISTORY_POINTS = 32;
/** Octets of a message whose numbers are followed. A larger one is a map or an image, and nothing to draw a line of. */
export const MAX_HISTORY_MESSAGE_OCTETS = 4096;
/** Octets of the messages of one capture that are written with the fault: it must not be long in being acknowledged. */
export const MAX_CAPTURE_OCTETS = 1_048_576;
/** Octets kept of a message that is too large. */
export const HEAD_OCTETS = 1024;

/** What is kept of a topic: its last message, or the head of one beyond `maxMessageOctets`, and the history before it. */
export function keepTopic({ topic, type, samples }: HeldTopic, maxMessageOctets: number): KeptTopic {
  const last = samples[samples.length - 1];
  const isSmall = last.octets.length <= Math.min(maxMessageOctets, MAX_HISTORY_MESSAGE_OCTETS);
  const history = isSmall ? samples.slice(-MAX_HISTORY_POINTS, -1) : [];
  const kept = history.filter(({ octets }) => octets.length <= MAX_HISTORY_MESSAGE_OCTETS);
  return {
    topic,
    type,
    samples: [...kept.map(whole), last.octets.length > maxMessageOctets ? headOf(last) : whole(last)],
  };
}

/**
 * As many of the topics, in their order, as there is room for in one capture: without history where there is none for
 * that, and not at all where there is none for the last message.
 */
export function keepWithin(topics: readonly KeptTopic[], maxOctets: number): readonly KeptTopic[] {
  let room = maxOctets;
  return topics.flatMap((topic) => {
    const kept = [topic, { ...topic, samples: topic.samples.slice(-1) }].find((each) => octetsOf(each) <= room);
    room -= kept === undefined ? 0 : octetsOf(kept);
    return kept ?? [];
  });
}

/** Octets of what is kept of a topic. */
export const octetsOf = ({ samples }: KeptTopic): number => samples.reduce((sum, { octets }) => sum + octets.length, 0);

const whole = ({ octets, receivedNs }: RawSample): KeptSample => ({ octets, size: octets.length, receivedNs });

const headOf = ({ octets, receivedNs }: RawSample): KeptSample => ({
  octets: octets.slice(0, HEAD_OCTETS),
  size: octets.length,
  receivedNs,
});
