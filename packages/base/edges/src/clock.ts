/** A timer started by a `Clock`. Cancelling a timer that has fired or was cancelled does nothing. */
export interface Timer {
  cancel(): void;
}

/** Source of time for a package. No code outside `edges/node` reads the machine's clock itself. */
export interface Clock {
  /** Wall clock, nanoseconds since the Unix epoch. May jump when the machine's clock is set. */
  wallNs(): bigint;
  /** Wall clock, milliseconds since the Unix epoch, with a fraction. May jump. */
  wallMs(): number;
  /** Monotonic milliseconds from an arbitrary origin, with a fraction. Never jumps: use it for leases and timeouts. */
  monotonicMs(): number;
  /** Calls `callback` once after `delayMs`. The timer alone does not keep a process alive. */
  after(delayMs: number, callback: () => void): Timer;
  /** Calls `callback` every `periodMs` until cancelled. The timer alone does not keep a process alive. */
  every(periodMs: number, callback: () => void): Timer;
}

/**
 * Returns the result of `promise`. If it takes longer than `timeoutMs`, returns or throws the result of `late`. Leaves
 * no timer behind.
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
