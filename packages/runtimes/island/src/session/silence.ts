import type { Clock, Timer } from '@medkit/edges';

/** How long after its start a gateway waits for the first state of a runtime that it knows from before: declarations are repeated every second. */
const FIRST_STATE_MS = 3000;
/** A look that comes so late was held up itself: what waits in the socket has its time to be read before anybody is called silent. */
const HELD_UP_MS = 100;

export interface SilenceOptions {
  readonly silentMs: number;
  readonly clock: Clock;
  /** Called when it becomes silent, and when it is heard again. */
  readonly changed: () => void;
}

/** Whether a runtime that is expected to say something all the time does. */
export interface Silence {
  /** Since when nothing has come, wall clock milliseconds; `undefined` while it is heard, or nobody is expected. */
  readonly sinceMs: number | undefined;
  /** Somebody is expected from now on. */
  expect(): void;
  /** A state has come. */
  heard(): void;
  close(): void;
}

export function silence({ silentMs, clock, changed }: SilenceOptions): Silence {
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
    heard: () => {
      isExpected = true;
      dueMs = clock.monotonicMs() + silentMs;
      if (sinceMs === undefined) return;
      sinceMs = undefined;
      changed();
    },
    close: () => timer.cancel(),
  };
}
