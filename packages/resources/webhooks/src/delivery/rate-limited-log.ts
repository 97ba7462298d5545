import type { Clock } from '@medkit/edges';

const EVERY_MS = 60_000;

/** Rate-limits a log call to one message a minute; the next message includes the number suppressed. */
export function rateLimitedLog(clock: Clock, log: (message: string) => void): (message: string) => void {
  let nextMs = Number.NEGATIVE_INFINITY;
  let suppressed = 0;
  return (message) => {
    if (clock.monotonicMs() < nextMs) {
      suppressed += 1;
      return;
    }
    log(suppressed === 0 ? message : `${message} (and ${suppressed} more since the last time)`);
    nextMs = clock.monotonicMs() + EVERY_MS;
    suppressed = 0;
  };
}
