import type { FaultSnapshot, FreezeFrame } from './fault-evidence.ts';

/**
 * Returns the evidence with one more frame after each capture whose fields have histories. The data of that frame is
 * `{"/cmd_vel.linear.x": {"value": 0.2, "history": [[timeNs, value], …]}}`. Clients that show frames thereby also show
 * how the values developed.
 */
export function withCaptureHistories(snapshots: readonly FaultSnapshot[]): readonly FaultSnapshot[] {
  const extended: FaultSnapshot[] = [];
  let capture: FreezeFrame[] = [];
  for (const [at, snapshot] of snapshots.entries()) {
    extended.push(snapshot);
    if (snapshot.kind !== 'freeze_frame') continue;
    capture.push(snapshot);
    const { captureId } = snapshot;
    const next = snapshots[at + 1];
    // A frame without a capture id counts as a separate capture.
    if (captureId !== undefined && next?.kind === 'freeze_frame' && next.captureId === captureId) continue;
    const history = historyFrame(capture);
    if (history) extended.push(history);
    capture = [];
  }
  return extended;
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

/** Returns the name of a field, unique across all frames: `/cmd_vel.linear.x`, `tank.level`. */
export function fieldPath(
  { name, channel, runtime }: Pick<FreezeFrame, 'name' | 'channel' | 'runtime'>,
  field: string,
): string {
  // A frame with all values of an entity has no channel; its name is that of the entity.
  const of = channel === '' ? name : channel;
  return `${runtime === undefined ? of : `${runtime} ${of}`}.${field}`;
}
