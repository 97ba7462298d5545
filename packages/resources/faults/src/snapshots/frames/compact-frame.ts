import { topicKey } from '../../recordings/tap/tap-provider.ts';
import type { TopicFrame } from './topic-frame.ts';

/** Maximum characters of the frame that survives a clear. */
export const MAX_COMPACT_LENGTH = 1_048_576;

/** One frame with all topics of a capture, by `topicKey`, as JSON text: `{topic: message}`. */
export interface CompactFrame {
  readonly data: string;
  /** What is missing. */
  readonly problem: string;
}

/** Combines the messages of a capture. Messages that could not be decoded or do not fit are named instead. */
export function compactFrame(frames: readonly TopicFrame[], problems: readonly string[]): CompactFrame {
  const members: string[] = [];
  const missing: string[] = [];
  let length = 0;
  for (const { topic, runtime, data, problem } of frames) {
    const key = topicKey({ name: topic, ...(runtime !== undefined && { runtime }) });
    const member = `${JSON.stringify(key)}:${data}`;
    const fits = length + member.length <= MAX_COMPACT_LENGTH;
    if (problem !== '' || !fits)
      missing.push(`${key}: ${problem || 'too large to be stored after the fault is cleared'}`);
    else {
      members.push(member);
      length += member.length;
    }
  }
  return { data: `{${members.join(',')}}`, problem: [...problems, ...missing].join('; ') };
}
