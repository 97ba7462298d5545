import type { KeptSample, KeptTopic } from '../../storage/pending-capture.ts';
import type { HeldTopic, RawSample } from '../sampler/topic-sampler.ts';

/** Samples of a topic that make its history at most, and their octets. Where there are more, some between them are left out. */
export const MAX_HISTORY_POINTS = 1024;
export const MAX_HISTORY_OCTETS = 262_144;
/** Octets of a message whose numbers are followed. A larger one is a map or an image, and nothing to draw a line of. */
export const MAX_HISTORY_MESSAGE_OCTETS = 4096;
/** Octets of the messages of one capture that are written with the fault: it must not be long in being acknowledged. */
export const MAX_CAPTURE_OCTETS = 1_048_576;
/** Octets kept of a message that is too large. */
export const HEAD_OCTETS = 1024;

/** What is kept of a topic: its last message, or the head of one beyond `maxMessageOctets`, and the history before it. */
export function keepTopic({ topic, runtime, type, samples }: HeldTopic, maxMessageOctets: number): KeptTopic {
  const last = samples[samples.length - 1];
  const isSmall = last.octets.length <= Math.min(maxMessageOctets, MAX_HISTORY_MESSAGE_OCTETS);
  const before = isSmall ? samples.slice(0, -1) : [];
  const kept = before.filter(({ octets }) => octets.length <= MAX_HISTORY_MESSAGE_OCTETS).map(whole);
  const octets = octetsOf({ samples: kept });
  const most = Math.min(MAX_HISTORY_POINTS, Math.floor((kept.length * MAX_HISTORY_OCTETS) / Math.max(1, octets)));
  return {
    topic,
    ...(runtime !== undefined && { runtime }),
    type,
    samples: [...thinned(kept, most), last.octets.length > maxMessageOctets ? headOf(last) : whole(last)],
  };
}

/** At most `most` of a series, evenly: the last one, and every second, third or further one before it. */
export function thinned<T>(series: readonly T[], most: number): readonly T[] {
  if (most <= 0) return [];
  const step = Math.ceil(series.length / most);
  return step <= 1 ? series : series.filter((_, at) => (series.length - 1 - at) % step === 0);
}

/**
 * As many of the topics, in their order, as there is room for in one capture: with a thinner history or without one where
 * there is none for that, and not at all where there is none for the last message.
 */
export function keepWithin(topics: readonly KeptTopic[], maxOctets: number): readonly KeptTopic[] {
  let room = maxOctets;
  return topics.flatMap((topic) => {
    const kept = THINNINGS.map((most): KeptTopic => ({ ...topic, samples: thinned(topic.samples, most) })).find(
      (each) => octetsOf(each) <= room,
    );
    room -= kept === undefined ? 0 : octetsOf(kept);
    return kept ?? [];
  });
}

/** Octets of what is kept of a topic. */
export const octetsOf = ({ samples }: Pick<KeptTopic, 'samples'>): number =>
  samples.reduce((sum, { octets }) => sum + octets.length, 0);

/** Samples that a topic has in a capture, the more the better. */
const THINNINGS = [MAX_HISTORY_POINTS + 1, 256, 64, 16, 1];

const whole = ({ octets, receivedNs }: RawSample): KeptSample => ({ octets, size: octets.length, receivedNs });

const headOf = ({ octets, receivedNs }: RawSample): KeptSample => ({
  octets: octets.slice(0, HEAD_OCTETS),
  size: octets.length,
  receivedNs,
});
