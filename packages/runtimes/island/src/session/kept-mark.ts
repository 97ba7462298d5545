import type { Clock, Timer } from '@medkit/edges';
import type { Declaration, SessionMark } from '@medkit/ingest';
import type { KeptSession, SessionFile } from './session-file.ts';

/** How often it is kept how far a session is. */
export const KEEP_MS = 5000;

export interface KeptMarkOptions {
  readonly file: SessionFile;
  /** What was kept when the gateway started. */
  readonly before: KeptSession | undefined;
  readonly clock: Clock;
  /** How far the session is; `undefined` before any. */
  readonly now: () => { readonly declaration: Declaration; readonly mark: SessionMark } | undefined;
}

/** How far an island was heard, on disk now and then. */
export interface KeptMark {
  /**
   * Whether a state of this time is certainly none that was heard before: what is between the mark that was kept and where a gateway
   * that was killed really was may be told again by somebody who wrote it down, and is not to heal anything.
   */
  isFresh(session: bigint, timeUs: bigint): boolean;
  /** Keeps it at once: an occurrence is on disk. */
  keep(): void;
  /** Keeps where it ended. */
  close(): Promise<void>;
}

export function keptMark({ file, before, clock, now }: KeptMarkOptions): KeptMark {
  const doubtfulUs = before?.mark && !before.isLast ? before.mark.timeUs + BigInt(KEEP_MS) * 2000n : undefined;
  const isDoubtless = (session: bigint, timeUs: bigint): boolean =>
    doubtfulUs === undefined || session !== before?.mark?.session || timeUs > doubtfulUs;
  let isFirstKept = false;
  const keep = async (isEnd = false): Promise<void> => {
    const reached = now();
    if (!reached) return;
    const { session, timeUs } = reached.mark;
    // Who ends in order within what is in doubt leaves it in doubt.
    const isKept = await file.keep({ ...reached, isLast: isEnd && isDoubtless(session, timeUs) });
    isFirstKept ||= isKept;
  };
  const timer: Timer = clock.every(KEEP_MS, () => void keep());
  return {
    isFresh: (session, timeUs) => isFirstKept && isDoubtless(session, timeUs),
    keep: () => void keep(),
    close: async () => {
      timer.cancel();
      await keep(true);
    },
  };
}
