import type { Clock } from '@medkit/edges';

const EVERY_MS = 60_000;

/** Rate-limits a log call to one message a minute; the next message includes the number suppressed. */
export function seldom(clock: Clock, tell: (message: string) => void): (message: string) => void {
  let nextMs = Number.NEGATIVE_INFINITY;
  let untold = 0;
  return (message) => {
    if (clock.monotonicMs() < nextMs) {
      untold += 1;
      return;
    }
    tell(untold === 0 ? message : `${message} (and ${untold} more since the last time)`);
    nextMs = clock.monotonicMs() + EVERY_MS;
    untold = 0;
  };
}
