import type { Clock, Timer } from '@medkit/edges';
import type { QosProfile } from '../graph.ts';
import { type BatchedSample, packSamples, type SampleBatch, weightOf } from './sample-batch.ts';

/**
 * Maximum size of samples sent to a client and not yet delivered there. Limits what a slow client can pile up in the
 * port.
 */
export const WINDOW_BYTES = 2 * 1024 * 1024;

/**
 * Maximum size of samples held while the window is full. Beyond it, the subscription that holds most drops its oldest.
 */
const MAX_HELD_BYTES = 16 * 1024 * 1024;

/** Size at which a batch is sent immediately. */
const FULL_BATCH_BYTES = 64 * 1024;

/** Minimum interval between partial batches. Each wakes a thread, which costs as much as many samples. */
const SPACING_MS = 2;

/**
 * Minimum interval between samples of a `latestOnly` subscription. It is long compared to the sample interval of a busy
 * topic, and short compared to the time in which a person or script reads a sample.
 */
const LATEST_SPACING_MS = 20;

interface Held {
  /** Maximum samples held while they cannot be sent. */
  readonly depth: number;
  readonly latestOnly: boolean;
  samples: BatchedSample[];
  bytes: number;
  /** Earliest time at which its samples may be sent next, monotonic. */
  dueMs: number;
}

export interface OutletOptions {
  readonly qos: QosProfile;
  readonly latestOnly: boolean;
}

interface Dependencies {
  readonly clock: Clock;
  readonly post: (batch: SampleBatch) => void;
}

/**
 * Sends samples to a client in batches, limited by the client's credit. Without credit, each subscription holds as many
 * samples as its history allows, like a DDS reader that is not read. Further samples are dropped and counted.
 */
export class SampleOutlet {
  readonly #deps: Dependencies;
  /** In the order in which they are served next. */
  readonly #held = new Map<number, Held>();
  #heldBytes = 0;
  #underWayBytes = 0;
  #dropped = 0;
  #sentMs = Number.NEGATIVE_INFINITY;
  #timer: Timer | undefined;
  #timerMs = 0;

  constructor(deps: Dependencies) {
    this.#deps = deps;
  }

  /** Samples dropped because the client was too slow. */
  get dropped(): number {
    return this.#dropped;
  }

  open(subscription: number, { qos: { history, depth }, latestOnly }: OutletOptions): void {
    const bound = latestOnly ? 1 : history === 'keep_all' ? Number.POSITIVE_INFINITY : depth;
    this.#held.set(subscription, { depth: bound, latestOnly, samples: [], bytes: 0, dueMs: 0 });
  }

  close(subscription: number): void {
    this.#heldBytes -= this.#held.get(subscription)?.bytes ?? 0;
    this.#held.delete(subscription);
  }

  take(subscription: number, sample: BatchedSample): void {
    const held = this.#held.get(subscription);
    if (!held) return;
    if (held.latestOnly) this.#replace(held);
    held.samples.push(sample);
    this.#weigh(held, weightOf(sample));
    if (!this.#hasRoom()) this.#bound(held);
    else if (held.bytes >= FULL_BATCH_BYTES && !held.latestOnly) this.#send();
    else this.#sendAt(held.dueMs);
  }

  /** The client has delivered samples of this weight. */
  credit(bytes: number): void {
    this.#underWayBytes -= bytes;
    if (this.#heldBytes > 0 && this.#hasRoom()) this.#sendAt(0);
  }

  stop(): void {
    this.#timer?.cancel();
    this.#held.clear();
  }

  // Any free room admits a batch of any size; otherwise a batch larger than the window could never be sent.
  #hasRoom(): boolean {
    return this.#underWayBytes < WINDOW_BYTES;
  }

  /** Sends at `dueMs`, or when the minimum interval between batches has passed. */
  #sendAt(dueMs: number): void {
    const { clock } = this.#deps;
    const atMs = Math.max(dueMs, this.#sentMs + SPACING_MS);
    if (this.#timer && this.#timerMs <= atMs) return;
    const waitMs = atMs - clock.monotonicMs();
    this.#timer?.cancel();
    this.#timer = undefined;
    if (waitMs <= 0) {
      this.#send();
      return;
    }
    this.#timerMs = atMs;
    this.#timer = clock.after(waitMs, () => {
      this.#timer = undefined;
      this.#send();
    });
  }

  /** Sends what is due while the client has room. */
  #send(): void {
    const nowMs = this.#deps.clock.monotonicMs();
    this.#sentMs = nowMs;
    while (this.#hasRoom()) {
      const samples = this.#nextSamples(nowMs);
      if (samples.length === 0) break;
      const batch = packSamples(samples);
      this.#underWayBytes += batch.weightBytes;
      this.#deps.post(batch);
    }
    if (!this.#hasRoom()) return;
    let nextMs = Number.POSITIVE_INFINITY;
    for (const { samples, dueMs } of this.#held.values()) if (samples.length > 0) nextMs = Math.min(nextMs, dueMs);
    if (nextMs < Number.POSITIVE_INFINITY) this.#sendAt(nextMs);
  }

  /** Returns one full batch of due samples, or all of them. Subscriptions that were served move to the end. */
  #nextSamples(nowMs: number): (readonly [number, BatchedSample])[] {
    const batch: (readonly [number, BatchedSample])[] = [];
    let bytes = 0;
    for (const [subscription, held] of [...this.#held]) {
      if (bytes >= FULL_BATCH_BYTES) break;
      if (held.samples.length === 0 || held.dueMs > nowMs) continue;
      let taken = 0;
      while (taken < held.samples.length && bytes < FULL_BATCH_BYTES) {
        const sample = held.samples[taken++];
        batch.push([subscription, sample]);
        bytes += weightOf(sample);
        this.#weigh(held, -weightOf(sample));
      }
      held.samples = held.samples.slice(taken);
      // Rounded to common ticks, so that many such subscriptions share a batch.
      if (held.latestOnly) held.dueMs = Math.ceil((nowMs + 1) / LATEST_SPACING_MS) * LATEST_SPACING_MS;
      this.#held.delete(subscription);
      this.#held.set(subscription, held);
    }
    return batch;
  }

  #replace(held: Held): void {
    this.#weigh(held, -held.bytes);
    held.samples.length = 0;
  }

  #bound(held: Held): void {
    while (held.samples.length > held.depth) this.#dropOldest(held);
    while (this.#heldBytes > MAX_HELD_BYTES) {
      let most = held;
      for (const other of this.#held.values()) if (other.bytes > most.bytes) most = other;
      this.#dropOldest(most);
    }
  }

  #dropOldest(held: Held): void {
    const oldest = held.samples.shift();
    if (!oldest) return;
    this.#weigh(held, -weightOf(oldest));
    this.#dropped++;
  }

  #weigh(held: Held, bytes: number): void {
    held.bytes += bytes;
    this.#heldBytes += bytes;
  }
}
