import type { FaultEnvironmentData, FaultEvidence, FaultLogWindow } from '@medkit/contract';
import {
  type Fault,
  type FaultDetail,
  type FaultSnapshot,
  type LogExcerpt,
  loggerPath,
  withCaptureHistories,
} from '@medkit/core';
import { isoTime } from '@medkit/entities';
import { isoMilliseconds } from '../fault-times.ts';
import { frameItem, frameRecord } from './frame-item.ts';
import { recordingItem, recordingRecord } from './recording-item.ts';

/**
 * Builds the evidence of a fault as `snapshots`, and again as records by kind, which some clients read. `entityPath` is
 * the path of the requested entity, `/areas/plant/subareas/press`.
 */
export function environmentData(
  { fault, snapshots, logs = [] }: FaultDetail,
  entityPath: string,
): FaultEnvironmentData {
  const evidence = withCaptureHistories(snapshots);
  const frames = frameRecords(snapshots);
  const recordings = evidence.filter((snapshot) => snapshot.kind === 'recording');
  return {
    extended_data_records: {
      first_occurrence: isoMilliseconds(fault.firstOccurredNs),
      last_occurrence: isoMilliseconds(fault.lastOccurredNs),
      ...(frames.length > 0 && { freeze_frame_snapshots: frames }),
      ...(recordings.length > 0 && {
        rosbag_snapshots: recordings.map((recording) => recordingRecord(recording, entityPath)),
      }),
    },
    snapshots: evidence.map((snapshot) => evidenceItem(snapshot, fault, entityPath)),
    ...(logs.length > 0 && { logs: logs.map((log) => logItem(log, fault)) }),
  };
}

function logItem({ occurrence, fromNs, toNs, lines, omitted }: LogExcerpt, { occurrenceCount }: Fault): FaultLogWindow {
  return {
    occurrence,
    ...(occurrence < occurrenceCount && { earlier_occurrence: true }),
    from: isoMilliseconds(fromNs),
    to: isoMilliseconds(toNs),
    items: lines.map(({ atNs, severity, logger, message }) => ({
      timestamp: isoTime(atNs),
      severity,
      message,
      logger_name: loggerPath(logger),
    })),
    ...(omitted > 0 && { omitted }),
  };
}

/** Converts the freeze frames among `snapshots` to records, with the histories of each capture. */
export function frameRecords(snapshots: readonly FaultSnapshot[]) {
  return withCaptureHistories(snapshots).flatMap((snapshot) =>
    snapshot.kind === 'freeze_frame' ? [frameRecord(snapshot)] : [],
  );
}

function evidenceItem(snapshot: FaultSnapshot, fault: Fault, entityPath: string): FaultEvidence {
  switch (snapshot.kind) {
    case 'freeze_frame':
      return frameItem(snapshot, fault);
    case 'recording':
      return recordingItem(snapshot, fault, entityPath);
    case 'foreign':
      return snapshot.body;
  }
}
