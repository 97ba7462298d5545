import type { Clock, Timer } from '../clock.ts';

interface Pending {
  readonly id: number;
  dueMs: number;
  readonly periodMs: number | undefined;
  readonly callback: () => void;
}

/** A clock that moves only if a test advances it. Timers fire in due order, and in the order they were set. */
export class SimulatedClock implements Clock {
  #nowMs = 0;
  #nextId = 0;
  #epochMs: number;
  readonly #pending = new Map<number, Pending>();

  constructor({ epochMs = Date.UTC(2026, 0, 1) }: { readonly epochMs?: number } = {}) {
    this.#epochMs = epochMs;
  }

  wallMs(): number {
    return this.#epochMs + this.#nowMs;
  }

  wallNs(): bigint {
    return BigInt(Math.round(this.wallMs() * 1000)) * 1000n;
  }

  monotonicMs(): number {
    return this.#nowMs;
  }

  after(delayMs: number, callback: () => void): Timer {
    return this.#start(delayMs, undefined, callback);
  }

  every(periodMs: number, callback: () => void): Timer {
    return this.#start(periodMs, periodMs, callback);
  }

  /** Number of pending timers. */
  get timers(): number {
    return this.#pending.size;
  }

  /** Advances the time by `ms` and fires the timers that fall due, including timers set by their callbacks. */
  advance(ms: number): void {
    const endMs = this.#nowMs + ms;
    for (let next = this.#next(endMs); next; next = this.#next(endMs)) {
      this.#nowMs = Math.max(this.#nowMs, next.dueMs);
      if (next.periodMs === undefined) this.#pending.delete(next.id);
      else next.dueMs += next.periodMs;
      next.callback();
    }
    this.#nowMs = endMs;
  }

  /** Advances the time without firing timers: those that fell due fire late, with the next step. */
  standStill(ms: number): void {
    this.#nowMs += ms;
  }

  /** Like `advance`, in steps, letting promises settle between them. */
  async advanceAsync(ms: number, stepMs = 1): Promise<void> {
    for (let left = ms; left > 0; left -= stepMs) {
      this.advance(Math.min(stepMs, left));
      await new Promise<void>((resolve) => setImmediate(resolve));
    }
  }

  /** Sets the wall clock without moving the monotonic one, as NTP or an operator does. */
  stepWall(ms: number): void {
    this.#epochMs += ms;
  }

  #start(delayMs: number, periodMs: number | undefined, callback: () => void): Timer {
    const id = this.#nextId++;
    this.#pending.set(id, { id, dueMs: this.#nowMs + Math.max(0, delayMs), periodMs, callback });
    return { cancel: () => void this.#pending.delete(id) };
  }

  #next(endMs: number): Pending | undefined {
    let best: Pending | undefined;
    for (const entry of this.#pending.values()) {
      if (entry.dueMs <= endMs && (!best || entry.dueMs < best.dueMs)) best = entry;
    }
    return best;
  }
}
