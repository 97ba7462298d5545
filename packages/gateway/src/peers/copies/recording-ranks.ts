import type { FaultCopies } from './fault-copies.ts';
import type { RecordingCopies } from './recording-copies.ts';
import { bytesOf, type RecordingCopy } from './recording-copy.ts';
import { type Excess, givingWay } from './room-for-recordings.ts';

/** Which recordings count, and for how much: as the copies of their faults say. */
export interface RecordingRanks {
  /** Those that are to be copied still. */
  waiting(): readonly RecordingCopy[];
  /** What goes for a recording where there is too much; `undefined` where that would be what matters more. */
  givingWayTo(recording: RecordingCopy, excess: Excess): readonly RecordingCopy[] | undefined;
  /** Those whose faults were all forgotten. */
  orphans(): readonly RecordingCopy[];
}

export function recordingRanks(
  copies: Pick<RecordingCopies, 'all'>,
  faults: Pick<FaultCopies, 'find'>,
): RecordingRanks {
  /** Whether its gateway had it, and one of its faults, when it was asked last. */
  const isListed = ({ peer, faults: own }: RecordingCopy): boolean =>
    own.some(({ holder, code, isTold }) => isTold && faults.find({ peer, holder, code })?.isListed === true);
  const rankOf = (recording: RecordingCopy): number => (isListed(recording) ? 1 + recording.severity : 0);
  return {
    waiting: () => copies.all().filter((each) => !each.copied && isListed(each)),
    givingWayTo: (recording, excess) => {
      if (excess.bytes <= 0 && excess.count <= 0) return [];
      const { peer, id } = recording;
      const others = copies.all().filter((each) => each.peer !== peer || each.id !== id);
      const held = others.map((each) => ({ ...each, kept: each, bytes: bytesOf(each), rank: rankOf(each) }));
      return givingWay(held, rankOf(recording), excess)?.map(({ kept }) => kept);
    },
    orphans: () =>
      copies
        .all()
        .filter(({ peer, faults: own }) =>
          own.every(({ holder, code }) => faults.find({ peer, holder, code }) === undefined),
        ),
  };
}
