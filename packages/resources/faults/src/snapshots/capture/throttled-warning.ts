import type { Notice } from '@medkit/documents';
import type { Clock } from '@medkit/edges';

/** A storm of faults must not become a storm of lines. */
const PERIOD_MS = 2000;

/** A warning that is given once in a while at most, however often there is reason for it. */
export function throttledWarning(clock: Clock, notice: (notice: Notice) => void): (text: () => string) => void {
  let nextMs = Number.NEGATIVE_INFINITY;
  return (text) => {
    if (clock.monotonicMs() < nextMs) return;
    nextMs = clock.monotonicMs() + PERIOD_MS;
    notice({ level: 'warning', text: text() });
  };
}
