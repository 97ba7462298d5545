import { RuntimeLeft } from '../../evidence/evidence-sources.ts';
import type { KeptSample, KeptTopic } from '../../storage/pending-capture.ts';
import type { SampledJson, TopicSampler } from '../sampler/topic-sampler.ts';
import { historyText, type TimedValue } from './field-history.ts';
import { jsonText } from './json-text.ts';
import { HEAD_OCTETS } from './keep-held.ts';

/** Characters of the JSON text of one message. A list of octets is four times as long as text. */
export const MAX_TEXT_LENGTH = 8_388_608;

/** What a topic said, ready to be stored. */
export interface TopicFrame {
  readonly topic: string;
  /** Whose it is, where several that reported the fault have a topic of that name. */
  readonly runtime?: string;
  readonly messageType: string;
  /** JSON text: the message, or where there is a problem its size and head. */
  readonly data: string;
  readonly problem: string;
  readonly history: string;
  readonly capturedAtNs: bigint;
  /** The type of the message is not known, now at least. */
  readonly isForeign: boolean;
}

export interface FrameRules {
  readonly decode: TopicSampler['decode'];
  /** Octets of the largest message that is kept whole. */
  readonly maxMessageOctets: number;
}

/** Reads what was kept of a topic. A message that cannot be read leaves its size and head, and why. */
export async function topicFrame({ topic, runtime, type, samples }: KeptTopic, rules: FrameRules): Promise<TopicFrame> {
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
    return unread(`the message has ${last.size} octets, snapshots.max_message_size is ${rules.maxMessageOctets}`);
  }
  try {
    const value = await rules.decode(type, last.octets);
    if (value === undefined) return unread(`the type ${type} is not known`, true);
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

/** A message of the history. One that cannot be read is missed by nobody: it is one point less. */
async function timedValue(type: string, sample: KeptSample, { decode }: FrameRules): Promise<TimedValue | undefined> {
  const value: SampledJson | undefined = await decode(type, sample.octets).catch(() => undefined);
  return value === undefined ? undefined : { timeNs: sample.receivedNs, value };
}

function headText({ octets, size }: KeptSample): string {
  return JSON.stringify({
    size_bytes: size,
    head_base64: Buffer.from(octets.subarray(0, HEAD_OCTETS)).toString('base64'),
  });
}
