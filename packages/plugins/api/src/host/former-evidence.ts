import type { FaultDetail, FaultSnapshot, FileSource, RecordingSource } from '@medkit/core';

/** The files of the recording at a path on this machine that can be played by themselves; none where it is gone. */
export type FilesAt = (path: string) => Promise<readonly FileSource[]>;

/**
 * What a provider of faults was to answer when version 1 of the plugin API was new: a recording with the path of its folder or
 * file. A plugin in a process of its own can give no other, since a function does not cross.
 */
type FormerRecording = Omit<RecordingSource, 'kind' | 'files'> &
  Partial<Pick<RecordingSource, 'files'>> & { readonly path?: string };
type FormerSnapshot = FaultSnapshot | ({ readonly kind: 'rosbag' } & FormerRecording) | FormerFrame;
interface FormerFrame {
  readonly kind: 'freeze_frame';
  readonly topic?: string;
}

/** What a method of a provider of faults answers, as it is meant today. */
export function presentEvidence(method: string, answer: unknown, filesAt: FilesAt): unknown {
  switch (method) {
    case 'recordings':
      return (answer as readonly FormerRecording[]).map((told) => recording(told, filesAt));
    case 'recording':
      return answer === undefined ? undefined : recording(answer as FormerRecording, filesAt);
    case 'get':
      return answer === undefined ? undefined : withSnapshots(answer as FaultDetail);
    default:
      return answer;
  }
}

function recording(
  { path = '', files = () => filesAt(path), ...told }: FormerRecording,
  filesAt: FilesAt,
): RecordingSource {
  return { ...told, kind: 'recording', files };
}

function withSnapshots(detail: FaultDetail): FaultDetail {
  return { ...detail, snapshots: detail.snapshots.map(snapshot) };
}

function snapshot(told: FormerSnapshot): FaultSnapshot {
  if (told.kind === 'rosbag') {
    const { path: _, files: __, ...facts } = told;
    return { ...facts, kind: 'recording' };
  }
  if (told.kind !== 'freeze_frame' || !('topic' in told)) return told as FaultSnapshot;
  const { topic, ...frame } = told;
  return { channel: topic, ...frame } as FaultSnapshot;
}
