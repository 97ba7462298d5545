import { SovdError } from '@medkit/contract';
import type { EvidenceChannel, JsonValue, RecentQuery, RecentValues } from '@medkit/core';
import type { FaultRecordings } from '../recordings/fault-recordings.ts';
import { downsample } from '../snapshots/frames/trim-topics.ts';
import type { BufferedTopic, RawSample, TopicSampler } from '../topic-sampler.ts';

/** Maximum bytes of messages decoded for one request, because decoding blocks everything else. */
const MAX_DECODED_OCTETS = 4 * 1024 * 1024;

export interface RecentValuesOptions {
  readonly recordings: Pick<FaultRecordings, 'recent'>;
  readonly sampler: Pick<TopicSampler, 'held' | 'decode'>;
}

/**
 * Returns the buffered values of a channel, from recordings or freeze frames, whichever go back further. Throws
 * `precondition-not-fulfilled` if no buffer covers the channel, naming the settings that would.
 */
export async function recentValues(
  { recordings, sampler }: RecentValuesOptions,
  { name, runtime }: EvidenceChannel,
  { sinceNs, limit }: RecentQuery,
): Promise<RecentValues> {
  const held = sampler.held(name, [runtime]);
  const [watched, recorded] = [held?.isForReaders ? undefined : held, recordings.recent(name, runtime)];
  const buffered = recorded && isLonger(recorded, watched) ? recorded : watched;
  if (!buffered) throw notBuffered(name);
  const purpose = buffered === recorded ? 'recordings' : 'freeze_frames';
  const { type } = buffered;
  const requested = buffered.samples.filter(({ receivedNs }) => receivedNs >= sinceNs);
  const octets = requested.reduce((sum, sample) => sum + sample.octets.length, 0);
  const room = Math.floor((requested.length * MAX_DECODED_OCTETS) / Math.max(1, octets));
  const taken = downsample(requested, Math.max(1, Math.min(limit, room)));
  const decoded = await Promise.all(taken.map((sample) => jsonOf(sampler, type, sample)));
  const values = decoded.flatMap((value) => value ?? []);
  const fromNs = buffered.samples[0]?.receivedNs ?? sinceNs;
  return {
    type,
    values,
    fromNs: fromNs > sinceNs ? fromNs : sinceNs,
    storedFor: purpose,
    omitted: requested.length - values.length,
  };
}

function notBuffered(name: string): SovdError {
  return new SovdError({
    code: 'precondition-not-fulfilled',
    message: `Past values of ${name} are not buffered. To buffer them, use these settings of the fault manager: snapshots.background_capture buffers the topics in snapshots.default_topics and the topics of nodes that reported a fault for snapshots.history_sec; snapshots.rosbag.enabled buffers recorded topics for snapshots.rosbag.duration_sec`,
    parameters: { channel: name },
  });
}

function isLonger(one: BufferedTopic, other: BufferedTopic | undefined): boolean {
  const [first, rival] = [one.samples[0], other?.samples[0]];
  return rival === undefined || (first !== undefined && first.receivedNs < rival.receivedNs);
}

/** Returns `undefined` for a message that cannot be decoded as its type. */
async function jsonOf(
  sampler: Pick<TopicSampler, 'decode'>,
  type: string,
  { octets, receivedNs: timeNs }: RawSample,
): Promise<{ readonly timeNs: bigint; readonly value: JsonValue } | undefined> {
  const value = await sampler.decode(type, octets).catch(() => undefined);
  return value === undefined ? undefined : { timeNs, value };
}
