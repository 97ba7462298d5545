import type { FaultDetail, FaultSnapshot, FileSource, RecordingSource } from '@medkit/core';

/**
 * Returns the playable files of the recording at a path on this machine; an empty list if the path no longer exists.
 */
export type FilesAt = (path: string) => Promise<readonly FileSource[]>;

/**
 * A recording as returned by early plugins of API version 1: with the path of its folder or file. Plugins in a separate
 * process still use this form, because a function cannot be sent between processes.
 */
type LegacyRecording = Omit<RecordingSource, 'kind' | 'files'> &
  Partial<Pick<RecordingSource, 'files'>> & { readonly path?: string };
type LegacySnapshot = FaultSnapshot | ({ readonly kind: 'rosbag' } & LegacyRecording) | LegacyFrame;
interface LegacyFrame {
  readonly kind: 'freeze_frame';
  readonly topic?: string;
}

/** Converts an answer of a fault provider to the current form. */
export function upgradeEvidence(method: string, answer: unknown, filesAt: FilesAt): unknown {
  switch (method) {
    case 'recordings':
      return (answer as readonly LegacyRecording[]).map((recorded) => recording(recorded, filesAt));
    case 'recording':
      return answer === undefined ? undefined : recording(answer as LegacyRecording, filesAt);
    case 'get':
      return answer === undefined ? undefined : withSnapshots(answer as FaultDetail);
    default:
      return answer;
  }
}

function recording(
  { path = '', files = () => filesAt(path), ...recorded }: LegacyRecording,
  filesAt: FilesAt,
): RecordingSource {
  return { ...recorded, kind: 'recording', files };
}

function withSnapshots(detail: FaultDetail): FaultDetail {
  return { ...detail, snapshots: detail.snapshots.map(snapshot) };
}

function snapshot(recorded: LegacySnapshot): FaultSnapshot {
  if (recorded.kind === 'rosbag') {
    const { path: _, files: __, ...facts } = recorded;
    return { ...facts, kind: 'recording' };
  }
  if (recorded.kind !== 'freeze_frame' || !('topic' in recorded)) return recorded as FaultSnapshot;
  const { topic, ...frame } = recorded;
  return { channel: topic, ...frame } as FaultSnapshot;
}
