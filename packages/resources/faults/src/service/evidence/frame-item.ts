import type { FreezeFrameRecord, FreezeFrameSnapshot } from '@medkit/contract';
import {
  type ChannelMeaning,
  type Fault,
  type FrameProvenance,
  type FreezeFrame,
  fieldPath,
  isJsonObject,
  type JsonValue,
} from '@medkit/core';
import { primaryValue } from '@medkit/entities';
import { isoMilliseconds } from '../fault-times.ts';

/** Maximum numbers and texts in a message that is repeated among the records. */
const MAX_REPEATED_VALUES = 256;

/**
 * Converts a freeze frame to a snapshot, marked if it belongs to an earlier occurrence. The message is included next to
 * its primary value, otherwise once.
 */
export function frameItem(
  frame: FreezeFrame,
  { occurrenceCount }: Pick<Fault, 'occurrenceCount'>,
): FreezeFrameSnapshot {
  const { name, channel, runtime, messageType, data, limits, problem, meaning, provenance } = frame;
  const { occurrence, capturedAtNs } = frame;
  const primary = primaryValue(messageType, data);
  return {
    type: 'freeze_frame',
    name,
    data: primary ?? data,
    'x-medkit': {
      topic: channel,
      ...(runtime !== undefined && { runtime }),
      message_type: messageType,
      ...(primary !== undefined && { full_data: data }),
      captured_at: isoMilliseconds(capturedAtNs),
      ...(occurrence !== undefined && { occurrence }),
      ...(occurrence !== undefined && occurrence < occurrenceCount && { earlier_occurrence: true }),
      ...(meaning && meaningItem(meaning)),
      ...(limits && { limits: limits.map(({ field, ...limit }) => ({ of: fieldPath(frame, field), ...limit })) }),
      ...(provenance && provenanceItem(provenance)),
      ...(problem !== undefined && { [typeof data === 'string' ? 'parse_error' : 'problem']: problem }),
    },
  };
}

function meaningItem({ role, of, unit, label, blocksMotion }: ChannelMeaning) {
  return {
    ...(role !== undefined && { role }),
    ...(of !== undefined && { of }),
    ...(unit !== undefined && { unit }),
    ...(label !== undefined && { label }),
    ...(blocksMotion !== undefined && { blocks_motion: blocksMotion }),
  };
}

function provenanceItem({ atStart, connected, sourceTimestampNs }: FrameProvenance) {
  return {
    ...(atStart && { capture_origin: 'startup' as const }),
    ...(!connected && { connected }),
    source_timestamp: isoMilliseconds(sourceTimestampNs),
  };
}

/** Converts the same frame to a record. */
export function frameRecord({
  name,
  channel,
  runtime,
  data,
  occurrence,
  capturedAtNs,
}: FreezeFrame): FreezeFrameRecord {
  return {
    // Two runtimes may capture the same channel at the same time.
    snapshot_id: `${runtime === undefined ? name : `${runtime}_${name}`}_${capturedAtNs}`,
    timestamp: isoMilliseconds(capturedAtNs),
    ...(channel !== '' && { data_source: channel }),
    ...(occurrence !== undefined && { occurrence }),
    ...(isJsonObject(data) && valuesIn(data, MAX_REPEATED_VALUES + 1) <= MAX_REPEATED_VALUES && { data }),
  };
}

/** Counts the numbers, texts and other scalars in a value, up to `limit`. */
function valuesIn(value: JsonValue, limit: number): number {
  if (typeof value !== 'object' || value === null) return 1;
  let count = 0;
  for (const member of Object.values(value)) {
    count += valuesIn(member, limit - count);
    if (count >= limit) break;
  }
  return count;
}
