import type { Clock, Timer } from '../clock.ts';

/** How far the estimate may stand off the wall clock before it is taken for a step of that clock. */
const STEP_MS = 2;

let originMs = Date.now() - performance.now();

/** The wall clock with a fraction, which `Date.now` lacks: carried on by the monotonic clock between steps. */
function wallMs(): number {
  const estimate = originMs + performance.now();
  const truth = Date.now();
  if (Math.abs(estimate - truth) <= STEP_MS) return estimate;
  originMs = truth - performance.now();
  return truth;
}

function timerOf(handle: NodeJS.Timeout): Timer {
  handle.unref();
  return { cancel: () => clearTimeout(handle) };
}

/** The machine's own clock. */
export const systemClock: Clock = {
  wallNs: () => BigInt(Math.round(wallMs() * 1000)) * 1000n,
  wallMs,
  monotonicMs: () => performance.now(),
  after: (delayMs, callback) => timerOf(setTimeout(callback, delayMs)),
  every: (periodMs, callback) => timerOf(setInterval(callback, periodMs)),
};
