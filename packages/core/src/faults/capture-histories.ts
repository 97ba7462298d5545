import type { FaultSnapshot, FreezeFrame } from './fault-evidence.ts';

/**
 * The same evidence, with one more frame behind those of each capture whose fields have histories, its data
 * `{"/cmd_vel.linear.x": {"value": 0.2, "history": [[timeNs, value], …]}}`: whoever shows frames shows as well how the
 * numbers got there.
 */
export function withCaptureHistories(snapshots: readonly FaultSnapshot[]): readonly FaultSnapshot[] {
  const shown: FaultSnapshot[] = [];
  let capture: FreezeFrame[] = [];
  for (const [at, snapshot] of snapshots.entries()) {
    shown.push(snapshot);
    if (snapshot.kind !== 'freeze_frame') continue;
    capture.push(snapshot);
    const { captureId } = snapshot;
    const next = snapshots[at + 1];
    // A frame of which nobody knows with which it was captured stands for itself.
    if (captureId !== undefined && next?.kind === 'freeze_frame' && next.captureId === captureId) continue;
    const history = historyFrame(capture);
    if (history) shown.push(history);
    capture = [];
  }
  return shown;
}

function historyFrame(capture: readonly FreezeFrame[]): FreezeFrame | undefined {
  const fields = capture.flatMap((frame) =>
    Object.entries(frame.history ?? {}).map(([field, past]) => [fieldPath(frame, field), { ...past }] as const),
  );
  if (fields.length === 0) return undefined;
  const capturedAtNs = capture.reduce(
    (newest, frame) => (frame.capturedAtNs > newest ? frame.capturedAtNs : newest),
    0n,
  );
  return {
    kind: 'freeze_frame',
    name: 'history',
    channel: '',
    messageType: '',
    data: Object.fromEntries(fields),
    ...(capture[0]?.occurrence !== undefined && { occurrence: capture[0].occurrence }),
    capturedAtNs,
  };
}

/** What a field of a frame goes by among those of all frames: `/cmd_vel.linear.x`, `tank.level`. */
export function fieldPath(
  { name, channel, runtime }: Pick<FreezeFrame, 'name' | 'channel' | 'runtime'>,
  field: string,
): string {
  // A frame of all values of an entity is of no channel, and has the name of the entity.
  const of = channel === '' ? name : channel;
  return `${runtime === undefined ? of : `${runtime} ${of}`}.${field}`;
}
