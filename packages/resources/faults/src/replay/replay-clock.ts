import type { Clock } from '@medkit/edges';

/** A clock that stands at the time of the replayed event. Its monotonic time is the wall time. It has no timers. */
export interface ReplayClock extends Clock {
  /** Sets the time, nanoseconds since 1970. */
  set(wallNs: bigint): void;
}

const NO_TIMER = { cancel: () => undefined };

export function replayClock(): ReplayClock {
  let nowNs = 0n;
  const wallMs = (): number => Number(nowNs) / 1e6;
  return {
    set: (wallNs) => {
      nowNs = wallNs;
    },
    wallNs: () => nowNs,
    wallMs,
    // Exact to a microsecond for any date: whole milliseconds and the rest are converted separately.
    monotonicMs: () => Number(nowNs / 1_000_000n) + Number(nowNs % 1_000_000n) / 1e6,
    after: () => NO_TIMER,
    every: () => NO_TIMER,
  };
}
