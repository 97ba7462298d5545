import { type JsonObject, listedStatus } from '@medkit/core';
import type { FaultCopy } from './fault-copy.ts';
import { type FaultReading, recordingsOf } from './read-faults.ts';
import type { RecordingCopies, RecordingKey } from './recording-copies.ts';
import {
  announcedSize,
  descriptorOf,
  type RecordedFault,
  type RecordingCopy,
  referencedRecordings,
} from './recording-copy.ts';
import type { Excess } from './recording-eviction.ts';

/** Maximum known recordings, including those that wait. */
const MAX_RECORDINGS = 500;
/** The highest severity. */
const MAX_SEVERITY = 3;

export interface RecordingSync {
  readonly reading: FaultReading;
  readonly copies: Pick<RecordingCopies, 'all' | 'find' | 'put'>;
  /** Minimum severity of a fault whose recordings are copied. */
  readonly leastSeverity: number;
  /** Maximum bytes of one recording. */
  readonly maxOneBytes: number;
  /** Returns whether a recording is known to be impossible to copy. */
  readonly isLeftOut: (key: RecordingKey) => boolean;
  readonly leaveOut: (key: RecordingKey, reason: string) => void;
  /** Removes what must give way to a recording; resolves with false if only more important ones are left. */
  readonly makeRoom: (recording: RecordingCopy, excess: Excess) => Promise<boolean>;
}

/**
 * Stores which recordings a fault has now, including those to be copied. Resolves with false if the present occurrence
 * may still get one.
 */
export async function syncRecordings(
  heeding: RecordingSync,
  fault: Pick<FaultCopy, 'peer' | 'holder' | 'code' | 'item'>,
  detail: JsonObject,
): Promise<boolean> {
  const { reading, copies, leastSeverity, maxOneBytes, isLeftOut, leaveOut, makeRoom } = heeding;
  const { peer, holder, code, item } = fault;
  const referenced = referencedRecordings(detail);
  const severity = Math.min(Number(item['severity'] ?? 0), MAX_SEVERITY);
  const isGrave = severity >= leastSeverity;
  const isSynced = (each: Pick<RecordedFault, 'holder' | 'code'>): boolean =>
    each.holder === holder && each.code === code;
  const linked = copies.all().filter((each) => each.peer === peer && each.faults.some(isSynced));
  for (const { id } of linked) {
    const recording = copies.find({ peer, id });
    const isReferenced = referenced.some((each) => each.id === id);
    if (!recording || recording.faults.find(isSynced)?.isTold === isReferenced) continue;
    const others = recording.faults.filter((each) => !isSynced(each));
    await copies.put({ ...recording, faults: [...others, { holder, code, isTold: isReferenced }] });
  }
  const fresh = referenced.filter(
    ({ id }) => !copies.find({ peer, id })?.faults.some(isSynced) && !isLeftOut({ peer, id }),
  );
  const list = isGrave && fresh.length > 0 ? await recordingsOf(reading, peer, holder) : [];
  for (const { id } of fresh) {
    const descriptor = descriptorOf(list, id);
    if (!descriptor) continue;
    const wanted = (): RecordingCopy => {
      const known = copies.find({ peer, id });
      return {
        ...(known ?? { peer, id, descriptor, sinceMs: reading.clock.wallMs() }),
        faults: [...(known?.faults ?? []), { holder, code, isTold: true }],
        severity: Math.max(known?.severity ?? 0, severity),
      };
    };
    const size = announcedSize(descriptor);
    const tooMany = copies.find({ peer, id }) ? 0 : copies.all().length + 1 - MAX_RECORDINGS;
    if (size > maxOneBytes) leaveOut({ peer, id }, `it has ${size} bytes, the maximum is ${maxOneBytes}`);
    else if (await makeRoom(wanted(), { bytes: 0, count: tooMany })) await copies.put(wanted());
  }
  return !isGrave || listedStatus(item) !== 'CONFIRMED' || referenced.some(({ isPresent }) => isPresent);
}
