import type { Clock, Timer } from '@medkit/edges';
import type { Declaration, SessionMark } from '@medkit/ingest';
import type { SessionFile, StoredSession } from './session-file.ts';

/** Interval at which the progress of a session is stored. */
export const CHECKPOINT_INTERVAL_MS = 5000;

export interface SessionCheckpointOptions {
  readonly file: SessionFile;
  /** The stored session at the start of the gateway. */
  readonly before: StoredSession | undefined;
  readonly clock: Clock;
  /** Returns the progress of the session; `undefined` without a session. */
  readonly now: () => { readonly declaration: Declaration; readonly mark: SessionMark } | undefined;
}

/** Periodically stores how far the messages of an island were received. */
export interface SessionCheckpoint {
  /**
   * Returns whether a state with this time was certainly not received before. A killed gateway may have received states
   * after the stored mark. An attacker could replay these, so they must not heal a fault.
   */
  isFresh(session: bigint, timeUs: bigint): boolean;
  /** Stores the progress immediately: an occurrence is on disk. */
  keep(): void;
  /** Stores the final progress. */
  close(): Promise<void>;
}

export function sessionCheckpoint({ file, before, clock, now }: SessionCheckpointOptions): SessionCheckpoint {
  const doubtfulUs =
    before?.mark && !before.isLast ? before.mark.timeUs + BigInt(CHECKPOINT_INTERVAL_MS) * 2000n : undefined;
  const isDoubtless = (session: bigint, timeUs: bigint): boolean =>
    doubtfulUs === undefined || session !== before?.mark?.session || timeUs > doubtfulUs;
  let isFirstStored = false;
  const keep = async (isEnd = false): Promise<void> => {
    const reached = now();
    if (!reached) return;
    const { session, timeUs } = reached.mark;
    // A regular shutdown within the uncertain period keeps the period uncertain.
    const isStored = await file.keep({ ...reached, isLast: isEnd && isDoubtless(session, timeUs) });
    isFirstStored ||= isStored;
  };
  const timer: Timer = clock.every(CHECKPOINT_INTERVAL_MS, () => void keep());
  return {
    isFresh: (session, timeUs) => isFirstStored && isDoubtless(session, timeUs),
    keep: () => void keep(),
    close: async () => {
      timer.cancel();
      await keep(true);
    },
  };
}
