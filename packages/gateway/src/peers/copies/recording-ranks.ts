import type { FaultCopies } from './fault-copies.ts';
import type { RecordingCopies } from './recording-copies.ts';
import { bytesOf, type RecordingCopy } from './recording-copy.ts';
import { type Excess, selectEvictions } from './recording-eviction.ts';

/** Priorities of recordings, from the copies of their faults. */
export interface RecordingRanks {
  /** Returns the recordings still to be copied. */
  waiting(): readonly RecordingCopy[];
  /** Returns the recordings that are removed for a new one; `undefined` if only more important ones are left. */
  evictionsFor(recording: RecordingCopy, excess: Excess): readonly RecordingCopy[] | undefined;
  /** Returns recordings without any remaining fault copy. */
  orphans(): readonly RecordingCopy[];
}

export function recordingRanks(
  copies: Pick<RecordingCopies, 'all'>,
  faults: Pick<FaultCopies, 'find'>,
): RecordingRanks {
  /** Whether the peer listed the recording and one of its faults at the last read. */
  const isListed = ({ peer, faults: links }: RecordingCopy): boolean =>
    links.some(({ holder, code, isTold }) => isTold && faults.find({ peer, holder, code })?.isListed === true);
  const rankOf = (recording: RecordingCopy): number => (isListed(recording) ? 1 + recording.severity : 0);
  return {
    waiting: () => copies.all().filter((each) => !each.copied && isListed(each)),
    evictionsFor: (recording, excess) => {
      if (excess.bytes <= 0 && excess.count <= 0) return [];
      const { peer, id } = recording;
      const others = copies.all().filter((each) => each.peer !== peer || each.id !== id);
      const held = others.map((each) => ({ ...each, copy: each, bytes: bytesOf(each), rank: rankOf(each) }));
      return selectEvictions(held, rankOf(recording), excess)?.map(({ copy }) => copy);
    },
    orphans: () =>
      copies
        .all()
        .filter(({ peer, faults: links }) =>
          links.every(({ holder, code }) => faults.find({ peer, holder, code }) === undefined),
        ),
  };
}
