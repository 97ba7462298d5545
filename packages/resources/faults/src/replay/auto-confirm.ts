import type { Fault } from '@medkit/core';

/** Interval of the checks of the fault manager, see `AUTO_CONFIRM_PERIOD_MS`. */
const TICK_NS = 1_000_000_000n;

/** Computes when the timer of the fault manager confirms PREFAILED faults by their age, without running it. */
export class AutoConfirm {
  readonly #afterNs: bigint;
  /** PREFAILED faults with the time of their last FAILED report. */
  readonly #waiting = new Map<string, bigint>();
  #startNs = 0n;

  /** @param afterSec 0 disables it */
  constructor(afterSec: number) {
    this.#afterNs = BigInt(Math.round(afterSec * 1e9));
  }

  /** The fault manager started: its timer ticks from now on. */
  started(timeNs: bigint): void {
    this.#startNs = timeNs;
  }

  /** Takes the new state of a fault. */
  heed({ code, status, lastOccurredNs }: Fault): void {
    if (this.#afterNs === 0n) return;
    if (status === 'PREFAILED') this.#waiting.set(code, lastOccurredNs);
    else this.#waiting.delete(code);
  }

  /** Takes the fault that a tick before `timeNs` confirms first; `undefined` if there is none. */
  next(timeNs: bigint): { readonly code: string; readonly tickNs: bigint } | undefined {
    let first: { readonly code: string; readonly tickNs: bigint } | undefined;
    for (const [code, lastNs] of this.#waiting) {
      const dueNs = lastNs + this.#afterNs;
      if (dueNs >= timeNs) continue;
      const ticks = dueNs <= this.#startNs ? 1n : (dueNs - this.#startNs + TICK_NS - 1n) / TICK_NS;
      const tickNs = this.#startNs + ticks * TICK_NS;
      if (tickNs < timeNs && (first === undefined || tickNs < first.tickNs)) first = { code, tickNs };
    }
    if (first !== undefined) this.#waiting.delete(first.code);
    return first;
  }
}
