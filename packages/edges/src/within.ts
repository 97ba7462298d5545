import type { Clock } from './clock.ts';

/** What `promise` gives, or what `late` gives where that takes longer than `timeoutMs`. Nothing of the wait is left after it. */
export async function within<T>(clock: Clock, timeoutMs: number, promise: Promise<T>, late: () => T): Promise<T> {
  const end = Promise.withResolvers<T>();
  const timer = clock.after(timeoutMs, () => end.resolve(late()));
  try {
    return await Promise.race([promise, end.promise]);
  } finally {
    timer.cancel();
  }
}
