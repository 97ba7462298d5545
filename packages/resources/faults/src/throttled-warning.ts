import type { Notice } from '@medkit/documents';
import type { Clock } from '@medkit/edges';

/** Minimum interval between warnings, so that a storm of faults does not flood the log. */
const PERIOD_MS = 2000;

/** Creates a rate-limited warning. */
export function throttledWarning(clock: Clock, notice: (notice: Notice) => void): (text: () => string) => void {
  let nextMs = Number.NEGATIVE_INFINITY;
  return (text) => {
    if (clock.monotonicMs() < nextMs) return;
    nextMs = clock.monotonicMs() + PERIOD_MS;
    notice({ level: 'warning', text: text() });
  };
}
