import type { Clock, Timer } from '@medkit/edges';

/** Timing statistics of a loop. */
export interface CycleCounts {
  /** Cycles that have started. */
  readonly cycles: number;
  /** Skipped cycles: the period of the next cycle had begun before they could start. */
  readonly missed: number;
}

export interface Cycle {
  readonly counts: () => CycleCounts;
  stop(): void;
}

export interface CycleOptions {
  readonly clock: Clock;
  readonly periodMs: number;
  /** Called in each cycle with the counts, including this cycle. */
  readonly act: (counts: CycleCounts) => void;
}

/**
 * Calls `act` periodically, starting one period from now. Each cycle is due a whole number of periods after the start, so late
 * timers do not accumulate. Missed cycles are counted and not made up for.
 */
export function startCycle({ clock, periodMs, act }: CycleOptions): Cycle {
  let dueMs = clock.monotonicMs() + periodMs;
  let counts: CycleCounts = { cycles: 0, missed: 0 };
  let timer: Timer;
  let stopped = false;
  const wait = () => {
    timer = clock.after(Math.max(0, dueMs - clock.monotonicMs()), begin);
  };
  const begin = () => {
    const nowMs = clock.monotonicMs();
    if (nowMs < dueMs) return wait();
    const missed = Math.floor((nowMs - dueMs) / periodMs);
    counts = { cycles: counts.cycles + 1, missed: counts.missed + missed };
    dueMs += (missed + 1) * periodMs;
    act(counts);
    if (!stopped) wait();
  };
  wait();
  return {
    counts: () => counts,
    stop() {
      stopped = true;
      timer.cancel();
    },
  };
}
