import type { Clock, Timer } from '@medkit/edges';

/**
 * After a start, how long the gateway waits for the first state of a known runtime: declarations are repeated every
 * second.
 */
const FIRST_STATE_MS = 3000;
/**
 * If the timer itself was delayed by this much, queued messages in the socket are read first, before the runtime counts
 * as silent.
 */
const HELD_UP_MS = 100;

export interface StalenessDetectorOptions {
  readonly silentMs: number;
  readonly clock: Clock;
  /** Called when the runtime becomes silent and when it is received again. */
  readonly changed: () => void;
}

/** Detects that a runtime that should send continuously is silent. */
export interface StalenessDetector {
  /**
   * Since when nothing was received, in milliseconds of the wall clock; `undefined` while states arrive or none are
   * expected.
   */
  readonly sinceMs: number | undefined;
  /** Expects states from now on. */
  expect(): void;
  /** Called for every state. */
  received(): void;
  close(): void;
}

export function stalenessDetector({ silentMs, clock, changed }: StalenessDetectorOptions): StalenessDetector {
  const lookMs = Math.max(10, Math.floor(silentMs / 5));
  let isExpected = false;
  let dueMs = Number.POSITIVE_INFINITY;
  let sinceMs: number | undefined;
  let lookedMs = clock.monotonicMs();
  const look = (): void => {
    const nowMs = clock.monotonicMs();
    const isHeldUp = nowMs - lookedMs > lookMs + HELD_UP_MS;
    lookedMs = nowMs;
    if (isHeldUp) dueMs = Math.max(dueMs, nowMs + silentMs);
    if (sinceMs !== undefined || nowMs < dueMs) return;
    sinceMs = clock.wallMs();
    changed();
  };
  const timer: Timer = clock.every(lookMs, look);
  return {
    get sinceMs() {
      return sinceMs;
    },
    expect: () => {
      if (!isExpected) dueMs = clock.monotonicMs() + Math.max(silentMs, FIRST_STATE_MS);
      isExpected = true;
    },
    received: () => {
      isExpected = true;
      dueMs = clock.monotonicMs() + silentMs;
      if (sinceMs === undefined) return;
      sinceMs = undefined;
      changed();
    },
    close: () => timer.cancel(),
  };
}
