import type { RosbagRecord, RosbagSnapshot } from '@medkit/contract';
import type { Fault, FaultRecording } from '@medkit/core';
import { isoMilliseconds } from '../fault-times.ts';

/**
 * Converts a recording to a snapshot, marked if it belongs to an earlier occurrence; `entityPath`, such as
 * `/apps/motor`, is the base of its download path.
 */
export function recordingItem(
  recording: FaultRecording,
  { confirmedAtNs }: Pick<Fault, 'confirmedAtNs'>,
  entityPath: string,
): RosbagSnapshot {
  const { id, octets, durationMs, format, createdAtNs } = recording;
  return {
    type: 'rosbag',
    name: `rosbag_${id}`,
    bulk_data_uri: recordingUri(recording, entityPath),
    size_bytes: octets,
    duration_sec: durationMs / 1000,
    format,
    ...(createdAtNs > 0n && {
      'x-medkit': {
        captured_at: isoMilliseconds(createdAtNs),
        ...(isBefore(createdAtNs, confirmedAtNs) && { earlier_occurrence: true }),
      },
    }),
  };
}

/**
 * A recording of the current occurrence is created after the fault was confirmed; one cut short by a crash has the
 * millisecond of the confirmation.
 */
const isBefore = (createdAtNs: bigint, confirmedAtNs: bigint): boolean =>
  createdAtNs / 1_000_000n < confirmedAtNs / 1_000_000n;

/** Converts the same recording to a record. */
export function recordingRecord(recording: FaultRecording, entityPath: string): RosbagRecord {
  return {
    snapshot_id: recording.id,
    timestamp: isoMilliseconds(recording.createdAtNs),
    bulk_data_uri: recordingUri(recording, entityPath),
    file_size: recording.octets,
    is_available: true,
  };
}

/** Returns the path without the API prefix, as clients expect. */
function recordingUri({ id }: FaultRecording, entityPath: string): string {
  return `${entityPath}/bulk-data/rosbags/${encodeURIComponent(id)}`;
}
