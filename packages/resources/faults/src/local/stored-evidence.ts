import {
  type FaultRecording,
  type FaultSnapshot,
  type FieldHistory,
  type FreezeFrame,
  type JsonValue,
  parseJson,
} from '@medkit/core';
import type { CatalogueRecording } from '../recordings/catalogue/recording-rows.ts';
import type { StoredFrame } from '../storage/stored-frame.ts';
import type { OpenFaultManager } from './open-fault-manager.ts';

/**
 * Returns the stored evidence of a fault: freeze frames, then recordings. Rejects with the `StoreError` of the store.
 */
export async function storedEvidence(
  { snapshots, recordings }: Pick<OpenFaultManager, 'snapshots' | 'recordings'>,
  code: string,
): Promise<readonly FaultSnapshot[]> {
  const [frames, bags] = await Promise.all([snapshots.of(code), recordings.of(code)]);
  const freezeFrames = frames.map((frame): FreezeFrame => {
    const meaning = snapshots.meaningOf(frame.topic);
    return { ...freezeFrameOf(frame), ...(meaning && { meaning }) };
  });
  return [...freezeFrames, ...bags.map(recordingOf)];
}

/** Converts a stored recording to the provider's form. */
export function recordingOf({ path: _, ...recording }: CatalogueRecording): FaultRecording {
  return { kind: 'recording', ...recording };
}

/** Name of the frame that combines all topics of its capture and survives a clear. */
const COMPACT_NAME = 'freeze_frame';

/** Converts a stored frame to the provider's form. Only frames of topics belong to a capture with others. */
function freezeFrameOf({
  captureId,
  occurrence,
  topic,
  runtime,
  messageType,
  data,
  problem,
  history,
  capturedAtNs,
}: StoredFrame): FreezeFrame {
  const compact = topic === '';
  return {
    kind: 'freeze_frame',
    name: compact ? COMPACT_NAME : topicName(topic),
    channel: topic,
    ...(runtime !== undefined && { runtime }),
    messageType,
    ...frameData(data, problem),
    ...(history !== '' && { history: historyOf(history) }),
    ...(!compact && { captureId }),
    ...(occurrence > 0 && { occurrence }),
    capturedAtNs,
  };
}

/** Returns the last segment of a topic name, `c` of `/a/b/c`; the whole name if it ends with a slash. */
function topicName(topic: string): string {
  return topic.slice(topic.lastIndexOf('/') + 1) || topic;
}

/** Parses JSON text; if it is invalid, returns the text itself with the problem. */
export function frameData(text: string, problem = ''): Pick<FreezeFrame, 'data' | 'problem'> {
  try {
    return { data: parseJson(text), ...(problem !== '' && { problem }) };
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    return { data: text, problem: problem || `Not JSON: ${error.message}` };
  }
}

/**
 * Parses the history of a `StoredFrame`. Times are digits without quotes, which are parsed as numbers while they are
 * small.
 */
function historyOf(text: string): Readonly<Record<string, FieldHistory>> {
  const fields = parseJson(text) as Readonly<
    Record<string, { value: number; history: readonly [JsonValue, number][] }>
  >;
  return Object.fromEntries(
    Object.entries(fields).map(([path, { value, history }]) => [
      path,
      { value, history: history.map(([timeNs, at]) => [BigInt(timeNs as number | bigint), at] as const) },
    ]),
  );
}
