import type { Clock } from './clock.ts';

/**
 * What `promise` gives; where that takes longer than `timeoutMs`, what `late` gives, or throws. Nothing of the wait is left
 * after it.
 */
export async function within<T>(clock: Clock, timeoutMs: number, promise: Promise<T>, late: () => T): Promise<T> {
  const end = Promise.withResolvers<void>();
  const timer = clock.after(timeoutMs, end.resolve);
  try {
    return await Promise.race([promise, end.promise.then(late)]);
  } finally {
    timer.cancel();
  }
}
