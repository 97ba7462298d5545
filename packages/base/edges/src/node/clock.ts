import type { Clock, Timer } from '../clock.ts';

let originMs = Date.now() - performance.now();

/**
 * The wall clock with a fraction, which `Date.now` lacks. Advances with the monotonic clock and stays within the
 * millisecond that `Date.now` returns. So it is accurate to some microseconds and follows a step of the clock
 * immediately.
 */
function wallMs(): number {
  const truth = Date.now();
  const estimate = originMs + performance.now();
  const held = Math.min(Math.max(estimate, truth), truth + 1);
  originMs += held - estimate;
  return held;
}

function timerOf(handle: NodeJS.Timeout): Timer {
  handle.unref();
  return { cancel: () => clearTimeout(handle) };
}

/** Runs `callback` at the end of this turn of the event loop. A Node.js timer would need at least a millisecond. */
function afterTurn(callback: () => void): Timer {
  // Keeps the process alive for that turn: otherwise nothing would wake the event loop.
  const handle = setImmediate(callback);
  return { cancel: () => clearImmediate(handle) };
}

/** The system clock. */
export const systemClock: Clock = {
  wallNs: () => BigInt(Math.round(wallMs() * 1000)) * 1000n,
  wallMs,
  monotonicMs: () => performance.now(),
  after: (delayMs, callback) => (delayMs === 0 ? afterTurn(callback) : timerOf(setTimeout(callback, delayMs))),
  every: (periodMs, callback) => timerOf(setInterval(callback, periodMs)),
};
