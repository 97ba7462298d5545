import type { FaultDetailResult, FaultEvidence, FreezeFrameSnapshot, RosbagSnapshot } from '@medkit/contract';
import { timeMs } from '../time/times.ts';

/** A freeze frame with the fields of its message; times in milliseconds since 1970. */
export interface Frame {
  readonly id: string;
  readonly topic: string;
  readonly label: string | undefined;
  readonly unit: string | undefined;
  readonly capturedMs: number | undefined;
  readonly occurrence: number | undefined;
  /** True if the frame belongs to an earlier occurrence. */
  readonly isEarlier: boolean;
  readonly problem: string | undefined;
  readonly values: readonly FrameValue[];
  /** Number of values left out because of the limit. */
  readonly left: number;
}

export interface FrameValue {
  readonly name: string;
  readonly value: unknown;
}

/** Maximum values listed of a frame, and maximum levels of a message that are expanded. */
const MAX_VALUES = 40;
const MAX_DEPTH = 4;

const isFrame = (evidence: FaultEvidence): evidence is FreezeFrameSnapshot =>
  'type' in evidence && evidence.type === 'freeze_frame' && 'data' in evidence;
const isRecording = (evidence: FaultEvidence): evidence is RosbagSnapshot =>
  'type' in evidence && evidence.type === 'rosbag' && typeof (evidence as RosbagSnapshot).bulk_data_uri === 'string';

/** Returns the freeze frames of a fault, without the frame `history`, which is drawn as a chart. */
export function framesOf({ environment_data }: FaultDetailResult): readonly Frame[] {
  return (environment_data.snapshots ?? [])
    .filter(isFrame)
    .filter(({ name }) => name !== 'history')
    .map(({ name, data, 'x-medkit': about }, at) => {
      const values = [...valuesOf(data, '', 0)];
      return {
        id: `${at} ${name}`,
        topic: about?.topic || name,
        label: about?.label ?? undefined,
        unit: about?.unit ?? undefined,
        capturedMs: timeMs(about?.captured_at),
        occurrence: about?.occurrence ?? undefined,
        isEarlier: about?.earlier_occurrence === true,
        problem: about?.problem ?? about?.parse_error ?? undefined,
        values: values.slice(0, MAX_VALUES),
        left: Math.max(0, values.length - MAX_VALUES),
      };
    });
}

/** Yields the fields of a message as `pose.position.x`. Arrays and levels below `MAX_DEPTH` stay whole. */
function* valuesOf(value: unknown, path: string, depth: number): Generator<FrameValue> {
  if (typeof value !== 'object' || value === null || Array.isArray(value) || depth === MAX_DEPTH) {
    yield { name: path, value };
    return;
  }
  for (const [name, member] of Object.entries(value)) {
    yield* valuesOf(member, path === '' ? name : `${path}.${name}`, depth + 1);
  }
}

/** Returns the recordings of a fault. */
export function recordingsOf({ environment_data }: FaultDetailResult): readonly RosbagSnapshot[] {
  return (environment_data.snapshots ?? []).filter(isRecording);
}
