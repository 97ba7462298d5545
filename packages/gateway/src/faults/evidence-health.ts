import type { Warning } from '@medkit/core';
import type {
  FaultHealth,
  FaultLogs,
  FaultRecordings,
  FaultSnapshots,
  RecordingFacts,
  SnapshotFacts,
} from '@medkit/faults';
import { StoreError } from '@medkit/store';

/** Returns the health of evidence capture, and the amount of evidence. */
export async function evidenceHealth(
  snapshots: Pick<FaultSnapshots, 'facts'>,
  recordings: Pick<FaultRecordings, 'facts'>,
  logs: Pick<FaultLogs, 'figures'>,
): Promise<FaultHealth> {
  const captures = snapshots.facts();
  const facts = await factsOf(recordings);
  return {
    warnings: [...captureWarnings(captures), ...recordingWarnings(facts)],
    figures: {
      captures: {
        running: captures.running,
        waiting: captures.waiting,
        dropped_total: captures.dropped,
        lost_total: captures.lost,
      },
      ...(facts && { recordings: recordingFigures(facts) }),
    },
    quotas: { ...captures.quotas, open_log_windows: logs.figures() },
  };
}

/** Returns `undefined` if the store does not respond, which has a separate warning. */
async function factsOf(recordings: Pick<FaultRecordings, 'facts'>): Promise<RecordingFacts | undefined> {
  try {
    return await recordings.facts();
  } catch (error) {
    if (error instanceof StoreError) return undefined;
    throw error;
  }
}

function recordingFigures({ recordings, octets, blackBox }: RecordingFacts): Readonly<Record<string, unknown>> {
  return {
    count: recordings,
    bytes: octets,
    ...(blackBox && {
      topics: blackBox.topics,
      under_way: blackBox.recordingsUnderWay,
      buffer_bytes: blackBox.ring.weight,
      buffer_samples: blackBox.ring.samples,
      crowded_out_samples_total: blackBox.ring.crowdedOut,
      too_large_samples_total: blackBox.ring.tooLarge,
      not_recorded_total: blackBox.notRecorded,
      lost_total: blackBox.lost,
    }),
  };
}

function captureWarnings({ dropped }: SnapshotFacts): readonly Warning[] {
  if (dropped === 0) return [];
  const message =
    `${dropped} faults have no snapshots, because the capture queue was full when they were confirmed: ` +
    'increase snapshots.capture_pool_size or snapshots.capture_queue_depth.';
  return [{ code: 'fault_captures_dropped', message }];
}

function recordingWarnings(facts: RecordingFacts | undefined): readonly Warning[] {
  const lost = facts?.blackBox?.lost ?? 0;
  if (lost === 0) return [];
  const message = `${lost} recordings of faults could not be written; see the log for the reasons. Check the disk of snapshots.rosbag.storage_path.`;
  return [{ code: 'fault_recordings_lost', message }];
}
