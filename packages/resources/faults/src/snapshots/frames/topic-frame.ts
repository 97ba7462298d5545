import type { CapturedSample, CapturedTopic } from '../../storage/pending-capture.ts';
import { RuntimeLeft, type SampledJson, type TopicSampler } from '../../topic-sampler.ts';
import { historyText, type TimedValue } from './field-history.ts';
import { jsonText } from './json-text.ts';
import { HEAD_OCTETS } from './trim-topics.ts';

/** Maximum characters of the JSON text of one message. A list of bytes takes four times as many characters. */
export const MAX_TEXT_LENGTH = 8_388_608;

/** A frame of one topic, ready to be stored. */
export interface TopicFrame {
  readonly topic: string;
  /** The runtime of the topic, if several reporters have a topic with this name. */
  readonly runtime?: string;
  readonly messageType: string;
  /** JSON text of the message; if there is a problem, its size and head. */
  readonly data: string;
  readonly problem: string;
  readonly history: string;
  readonly capturedAtNs: bigint;
  /** True if the message type is unknown, at least now. */
  readonly isForeign: boolean;
}

export interface FrameRules {
  readonly decode: TopicSampler['decode'];
  /** Maximum bytes of a message that is stored completely. */
  readonly maxMessageOctets: number;
}

/**
 * Decodes the stored messages of a topic. A message that cannot be decoded gives its size and head, with the problem.
 */
export async function topicFrame(
  { topic, runtime, type, samples }: CapturedTopic,
  rules: FrameRules,
): Promise<TopicFrame> {
  const last = samples[samples.length - 1];
  const whose = { topic, ...(runtime !== undefined && { runtime }) };
  const frame = { ...whose, messageType: type, capturedAtNs: last.receivedNs, history: '', isForeign: false };
  const unread = (problem: string, isForeign = false): TopicFrame => ({
    ...frame,
    data: headText(last),
    problem,
    isForeign,
  });
  if (last.size > last.octets.length) {
    return unread(`the message has ${last.size} bytes, snapshots.max_message_size is ${rules.maxMessageOctets}`);
  }
  try {
    const value = await rules.decode(type, last.octets);
    if (value === undefined) return unread(`the type ${type} is unknown`, true);
    const data = jsonText(value);
    if (data.length > MAX_TEXT_LENGTH)
      return unread(`the message is larger than ${MAX_TEXT_LENGTH} characters of JSON`);
    const before = await Promise.all(samples.slice(0, -1).map((sample) => timedValue(type, sample, rules)));
    const messages = [...before.flatMap((message) => message ?? []), { timeNs: last.receivedNs, value }];
    return { ...frame, data, problem: '', history: historyText(messages) };
  } catch (error) {
    if (error instanceof RuntimeLeft) return unread(error.message);
    return unread(`the message is not of the type ${type}: ${(error as Error).message}`);
  }
}

/** Decodes a message of the history. One that cannot be decoded is left out. */
async function timedValue(
  type: string,
  sample: CapturedSample,
  { decode }: FrameRules,
): Promise<TimedValue | undefined> {
  const value: SampledJson | undefined = await decode(type, sample.octets).catch(() => undefined);
  return value === undefined ? undefined : { timeNs: sample.receivedNs, value };
}

function headText({ octets, size }: CapturedSample): string {
  return JSON.stringify({
    size_bytes: size,
    head_base64: Buffer.from(octets.subarray(0, HEAD_OCTETS)).toString('base64'),
  });
}
