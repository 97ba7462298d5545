/** Window in which the largest offset wins: a delayed message would set the clock back. */
const WHILE_MS = 60_000;
/** Clock difference that is ignored. */
const NOTABLE_SKEW_MS = 2_000;

/**
 * Estimates the clock of the gateway from received times. Local times are of `performance.now()`, which clock changes
 * do not affect.
 */
export class GatewayClock {
  #offsetMs: number | undefined;
  #lastReceivedMs = 0;

  /** Takes a time reported by the gateway, milliseconds since 1970, and its arrival by `performance.now()`. */
  sync(atMs: number, lastReceivedMs: number): void {
    const offsetMs = atMs - lastReceivedMs;
    if (this.#offsetMs !== undefined && offsetMs < this.#offsetMs && lastReceivedMs - this.#lastReceivedMs < WHILE_MS)
      return;
    this.#offsetMs = offsetMs;
    this.#lastReceivedMs = lastReceivedMs;
  }

  /** Returns the gateway time, milliseconds since 1970, or `undefined` before the first report. */
  nowMs(monotonicMs: number): number | undefined {
    return this.#offsetMs === undefined ? undefined : monotonicMs + this.#offsetMs;
  }
}

/** Resolution of the `Date` header: the whole second in which the reply began. */
const DATE_STEP_MS = 1_000;

const clock = new GatewayClock();
const listeners = new Set<() => void>();
let skewMs = 0;
let preciseSyncMs = Number.NEGATIVE_INFINITY;

function sync(atMs: number): void {
  clock.sync(atMs, performance.now());
  skewMs = gatewayNowMs() - Date.now();
  for (const listener of listeners) listener();
}

/** Takes the gateway time, milliseconds since 1970, from a stream message that has just arrived. */
export function syncToStreamTime(atMs: number): void {
  if (!Number.isFinite(atMs)) return;
  preciseSyncMs = performance.now();
  sync(atMs);
}

/**
 * Takes the `Date` header of a reply that has just arrived. Ignored if a stream message reported a more precise time
 * recently.
 */
export function syncToReplyDate(date: string | null): void {
  const atMs = Date.parse(date ?? '');
  if (Number.isNaN(atMs) || performance.now() - preciseSyncMs < WHILE_MS) return;
  sync(atMs + DATE_STEP_MS / 2);
}

/**
 * Returns the gateway time, milliseconds since 1970. Uses the local clock until the first reply or live value arrives.
 */
export function gatewayNowMs(): number {
  return clock.nowMs(performance.now()) ?? Date.now();
}

/**
 * Returns how far the gateway clock is ahead of the local clock, in milliseconds rounded to a second; 0 if the
 * difference is at most 2 s.
 */
export function clockSkewMs(): number {
  return Math.abs(skewMs) > NOTABLE_SKEW_MS ? Math.round(skewMs / 1000) * 1000 : 0;
}

/** Calls the listener when the gateway reports its time. */
export function onGatewayTime(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}
