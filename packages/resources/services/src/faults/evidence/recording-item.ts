import type { RosbagRecord, RosbagSnapshot } from '@medkit/contract';
import type { Fault, FaultRecording } from '@medkit/core';
import { isoMilliseconds } from '../fault-times.ts';

/** A recording among the snapshots of a fault, marked where it is of an earlier occurrence; `entityPath`, such as `/apps/motor`, is where it can be downloaded. */
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
 * One of the present occurrence is made when its time is over, or where a crash cut it short, has the millisecond in which
 * its fault was confirmed.
 */
const isBefore = (createdAtNs: bigint, confirmedAtNs: bigint): boolean =>
  createdAtNs / 1_000_000n < confirmedAtNs / 1_000_000n;

/** The same recording among the records of a fault. */
export function recordingRecord(recording: FaultRecording, entityPath: string): RosbagRecord {
  return {
    snapshot_id: recording.id,
    timestamp: isoMilliseconds(recording.createdAtNs),
    bulk_data_uri: recordingUri(recording, entityPath),
    file_size: recording.octets,
    is_available: true,
  };
}

/** Without the part that all addresses begin with, as clients expect it. */
function recordingUri({ id }: FaultRecording, entityPath: string): string {
  return `${entityPath}/bulk-data/rosbags/${encodeURIComponent(id)}`;
}
