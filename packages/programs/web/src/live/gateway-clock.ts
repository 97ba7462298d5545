/** A message that took long tells a time that is too early: the latest of a while counts. */
const WHILE_MS = 60_000;
/** Clocks that differ by less are taken for one. */
const NOTABLE_SKEW_MS = 2_000;

/** The clock of the gateway as it is heard. Times by `performance.now()` are those of this machine that nobody sets. */
export class GatewayClock {
  #offsetMs: number | undefined;
  #heardMs = 0;

  /** Takes what the gateway says its time is, milliseconds since 1970, and when that came by `performance.now()`. */
  hear(atMs: number, heardMs: number): void {
    const offsetMs = atMs - heardMs;
    if (this.#offsetMs !== undefined && offsetMs < this.#offsetMs && heardMs - this.#heardMs < WHILE_MS) return;
    this.#offsetMs = offsetMs;
    this.#heardMs = heardMs;
  }

  /** Milliseconds since 1970 by the gateway; `undefined` until it was heard. */
  nowMs(monotonicMs: number): number | undefined {
    return this.#offsetMs === undefined ? undefined : monotonicMs + this.#offsetMs;
  }
}

/** The `Date` of a reply is a whole second, that of its begin. */
const DATE_STEP_MS = 1_000;

const clock = new GatewayClock();
const listeners = new Set<() => void>();
let skewMs = 0;
let exactlyHeardMs = Number.NEGATIVE_INFINITY;

function hear(atMs: number): void {
  clock.hear(atMs, performance.now());
  skewMs = gatewayNowMs() - Date.now();
  for (const listener of listeners) listener();
}

/** Takes the time of the gateway, milliseconds since 1970, as a message of its stream has it that has just come. */
export function hearGatewayTime(atMs: number): void {
  if (!Number.isFinite(atMs)) return;
  exactlyHeardMs = performance.now();
  hear(atMs);
}

/** Takes the `Date` of a reply that has just come, where no value is watched that tells the time better. */
export function hearReplyDate(date: string | null): void {
  const atMs = Date.parse(date ?? '');
  if (Number.isNaN(atMs) || performance.now() - exactlyHeardMs < WHILE_MS) return;
  hear(atMs + DATE_STEP_MS / 2);
}

/** The time of the gateway, milliseconds since 1970; that of this machine until a reply or a live value has come. */
export function gatewayNowMs(): number {
  return clock.nowMs(performance.now()) ?? Date.now();
}

/** How far the clock of the gateway is before that of this machine, milliseconds, to the second; 0 where it is 2 s or less. */
export function clockSkewMs(): number {
  return Math.abs(skewMs) > NOTABLE_SKEW_MS ? Math.round(skewMs / 1000) * 1000 : 0;
}

/** Hears that the time of the gateway was told. */
export function onGatewayTime(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}
