import type { Clock, Timer } from '@medkit/edges';

/** How a loop has kept its time so far. */
export interface CycleCounts {
  /** Cycles that have begun. */
  readonly cycles: number;
  /** Those that should have begun, and did not within a period. */
  readonly missed: number;
}

export interface Cycle {
  readonly counts: () => CycleCounts;
  stop(): void;
}

export interface CycleOptions {
  readonly clock: Clock;
  readonly periodMs: number;
  /** What is done in each cycle; it hears the counts with this one among them. */
  readonly act: (counts: CycleCounts) => void;
}

/**
 * Does something time and again, beginning one period from now. Each cycle is due a whole number of periods after the start,
 * so that timers that come late do not add up; those that were slept through are counted and not made up for.
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
