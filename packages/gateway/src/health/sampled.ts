import type { Clock } from '@medkit/edges';

/** Interval of figures that need the disk, such as sizes of files: dashboards read them more often than they change. */
export const SAMPLE_MS = 30_000;

/**
 * Returns a function that returns a figure, read at most once every `periodMs`. Only the first call waits for the figure:
 * a later one returns the last figure while the next is read. A failed read leaves the last figure; if there is none, the
 * call rejects and the next one tries again.
 */
export function sampled<T>(
  clock: Pick<Clock, 'monotonicMs'>,
  read: () => Promise<T>,
  periodMs = SAMPLE_MS,
): () => Promise<T> {
  let latest: Promise<T> | undefined;
  let beganMs = 0;
  const begin = (): Promise<T> => {
    beganMs = clock.monotonicMs();
    return read();
  };
  return () => {
    if (latest === undefined) {
      const first = begin();
      latest = first;
      first.catch(() => {
        if (latest === first) latest = undefined;
      });
    } else if (clock.monotonicMs() - beganMs >= periodMs) {
      const next = begin();
      next.then(
        () => {
          latest = next;
        },
        () => undefined,
      );
    }
    return latest;
  };
}
