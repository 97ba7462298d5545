import type { RosbagRecord, RosbagSnapshot } from '@medkit/contract';
import type { FaultRecording } from '@medkit/core';
import { isoMilliseconds } from '../fault-times.ts';

/** A recording among the snapshots of a fault; `entityPath`, such as `/apps/motor`, is where it can be downloaded. */
export function recordingItem(recording: FaultRecording, entityPath: string): RosbagSnapshot {
  const { id, octets, durationMs, format, createdAtNs } = recording;
  return {
    type: 'rosbag',
    name: `rosbag_${id}`,
    bulk_data_uri: recordingUri(recording, entityPath),
    size_bytes: octets,
    duration_sec: durationMs / 1000,
    format,
    ...(createdAtNs > 0n && { 'x-medkit': { captured_at: isoMilliseconds(createdAtNs) } }),
  };
}

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
