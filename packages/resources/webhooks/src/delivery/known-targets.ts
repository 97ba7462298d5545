import type { Clock } from '@medkit/edges';
import type { TargetQueue } from './target-queue.ts';

/** How long an idle target is remembered. `MAX_IDLE_TARGETS` bounds their number; the most recently used stay. */
const FORGET_AFTER_MS = 86_400_000;
const MAX_IDLE_TARGETS = 1000;
/** Maximum size on disk of all waiting deliveries, in bytes. */
const MAX_QUEUED_OCTETS = 104_857_600;
const OVERFLOWED = 'the queue was full: it was the oldest delivery of the target with the longest queue';

/** The queues of targets with waiting deliveries, and of recently used targets. */
export class KnownTargets {
  readonly #clock: Clock;
  readonly #queues = new Map<number, TargetQueue>();
  /** Counts of targets that are no longer remembered. */
  readonly #ofForgotten = { delivered: 0, failed: 0 };

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  get all(): readonly TargetQueue[] {
    return [...this.#queues.values()];
  }

  /** Successful deliveries, including those to forgotten targets. */
  get delivered(): number {
    return this.#sum('delivered', this.#ofForgotten.delivered);
  }

  /** Failed attempts, including those to forgotten targets. */
  get failed(): number {
    return this.#sum('failed', this.#ofForgotten.failed);
  }

  get(id: number): TargetQueue | undefined {
    return this.#queues.get(id);
  }

  add(queue: TargetQueue): void {
    this.#queues.set(queue.id, queue);
  }

  /** Forgets idle targets, least recently used first: those unused for too long, and those above the limit. */
  forgetIdle(): void {
    const idle = this.all.filter(({ size }) => size === 0).sort((a, b) => a.lastUsedMs - b.lastUsedMs);
    const tooMany = idle.length - MAX_IDLE_TARGETS;
    const beforeMs = this.#clock.monotonicMs() - FORGET_AFTER_MS;
    for (const [at, { id, lastUsedMs, delivered, failed }] of idle.entries()) {
      if (at >= tooMany && lastUsedMs >= beforeMs) return;
      this.#queues.delete(id);
      this.#ofForgotten.delivered += delivered;
      this.#ofForgotten.failed += failed;
    }
  }

  /** Gives up the oldest deliveries of the target with the most, until the limits are met. Returns how many. */
  makeRoom(maxQueued: number): number {
    let abandoned = 0;
    while (this.#sum('size') > maxQueued || this.#sum('octets') > MAX_QUEUED_OCTETS) {
      const fullest = this.all.reduce((most, target) => (target.size > most.size ? target : most));
      if (!fullest.giveUpOldest(OVERFLOWED)) return abandoned;
      abandoned += 1;
    }
    return abandoned;
  }

  #sum(of: 'delivered' | 'failed' | 'size' | 'octets', before = 0): number {
    let sum = before;
    for (const queue of this.#queues.values()) sum += queue[of];
    return sum;
  }
}
