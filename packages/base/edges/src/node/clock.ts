import type { Clock, Timer } from '../clock.ts';

let originMs = Date.now() - performance.now();

/**
 * The wall clock with a fraction, which `Date.now` lacks: carried on by the monotonic clock, and held within the whole
 * millisecond that `Date.now` tells. So it is right to some microseconds, and follows a step of the clock at once.
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

/** When this turn of the event loop is over, without a turn of its own, as a timer of Node would need a millisecond for. */
function afterTurn(callback: () => void): Timer {
  // It keeps the process for that turn: without it nothing would wake the loop up.
  const handle = setImmediate(callback);
  return { cancel: () => clearImmediate(handle) };
}

/** The machine's own clock. */
export const systemClock: Clock = {
  wallNs: () => BigInt(Math.round(wallMs() * 1000)) * 1000n,
  wallMs,
  monotonicMs: () => performance.now(),
  after: (delayMs, callback) => (delayMs === 0 ? afterTurn(callback) : timerOf(setTimeout(callback, delayMs))),
  every: (periodMs, callback) => timerOf(setInterval(callback, periodMs)),
};
