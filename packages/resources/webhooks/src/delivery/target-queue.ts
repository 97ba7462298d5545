import { type Clock, type Random, retryDelayMs, type Timer } from '@medkit/edges';
import type { Message, WaitingRow } from '../outbox/outbox-rows.ts';
import type { DeadDelivery } from '../outbox/settlement.ts';
import { originOf, receiverIn } from '../target/receiver-url.ts';
import type { Webhook } from '../webhook.ts';
import type { AttemptOutcome } from './attempt-outcome.ts';
import { RateLimiter } from './rate-limiter.ts';
import type { Settler } from './settler.ts';
import { emptySourceQueue, readAhead, type SourceQueue, type Waiting, waitedMs } from './source-queue.ts';

/** Maximum attempts of an event that the receiver rejects as invalid. */
const MAX_REFUSALS = 5;
/** Delay before the next attempt after a failure of the local disk. */
const STORE_RETRY_MS = 1000;
/** Delays between attempts: a robot that rejoins the network delivers within the longest. */
const RETRY = { firstMs: 1000, maxMs: 300_000, jitter: 1 };
const SHORTEST_MS = 100;
/** Consecutive failures after which a target is reported as failing. */
const FAILING_FROM = 3;

export interface TargetBounds {
  /** Maximum concurrent deliveries. */
  readonly maxConcurrent: number;
  readonly maxPerSecond: number;
  /** A delivery that has waited this long is given up with its next failure. */
  readonly giveUpAfterMs: number;
}

/** The environment of a target's queue. */
export interface TargetHost {
  readonly clock: Clock;
  readonly random: Random;
  readonly bounds: TargetBounds;
  readonly settler: Pick<Settler, 'delivered' | 'failed'>;
  /** Returns whether another delivery may start. If not, the host starts the queue again later. */
  mayBegin(queue: TargetQueue): boolean;
  /** Reports a delivery in progress until `delivery` is settled. */
  began(delivery: Promise<void>): void;
  /** Reads messages by number from disk. */
  messages(ids: readonly number[]): Promise<ReadonlyMap<number, Message>>;
  /** Attempts once; never rejects. Resolves with `undefined` if the gateway aborted the attempt. */
  attempt(webhook: Webhook, message: Message, turn: number): Promise<AttemptOutcome | undefined>;
  /** Reports a successful delivery of `source`. */
  delivered(queue: TargetQueue, source: string): void;
  /** Reports a delivery that was given up. */
  died(queue: TargetQueue, delivery: DeadDelivery): void;
  /** Reports that the target started to fail, or has recovered. */
  turned(queue: TargetQueue, isFailing: boolean): void;
}

/**
 * Waiting deliveries of one target. Each source has a queue, which is sent strictly in order; the queues are
 * independent. A queue whose delivery failed waits alone; the others continue in turn, within the limits of the target.
 */
export class TargetQueue {
  readonly id: number;
  readonly webhook: Webhook;
  /** Origin of the URL, for people. */
  readonly origin: string;
  readonly #host: TargetHost;
  readonly #rate: RateLimiter;
  readonly #sourceQueues = new Map<string, SourceQueue>();
  /** Lanes whose next delivery may start, the longest waiting first. */
  readonly #ready = new Set<SourceQueue>();
  /** All waiting deliveries, oldest first. */
  readonly #waiting = new Map<number, { readonly waiting: Waiting; readonly sourceQueue: SourceQueue }>();
  #underWay = 0;
  #pausedUntilMs = Number.NEGATIVE_INFINITY;
  #timer: Timer | undefined;
  #stopped = false;
  /** Size in bytes of all waiting deliveries. */
  octets = 0;
  delivered = 0;
  /** Failed attempts. */
  failed = 0;
  /** Consecutive failed attempts since the last success. */
  failures = 0;
  lastError: string | undefined;
  /** Last successful delivery, milliseconds since the epoch. */
  lastDeliveredMs: number | undefined;
  /** First failure since the last success, by the monotonic clock. */
  #failingSinceMs: number | undefined;
  lastUsedMs: number;

  constructor(id: number, webhook: Webhook, host: TargetHost) {
    this.id = id;
    this.webhook = webhook;
    this.origin = originOf(webhook.url);
    this.#host = host;
    this.#rate = new RateLimiter(host.bounds.maxPerSecond, host.clock);
    this.lastUsedMs = host.clock.monotonicMs();
  }

  /** Name of the receiver of the configuration, if it is one. */
  get receiver(): string | undefined {
    return receiverIn(this.webhook.url);
  }

  /** How long all attempts have failed; `undefined` if the last one succeeded. */
  get failingMs(): number | undefined {
    return this.#failingSinceMs === undefined ? undefined : this.#host.clock.monotonicMs() - this.#failingSinceMs;
  }

  get size(): number {
    return this.#waiting.size;
  }

  /** Number of source queues that wait after a failure. */
  get retrying(): number {
    let count = 0;
    for (const { failures } of this.#sourceQueues.values()) if (failures > 0) count++;
    return count;
  }

  /** How long the oldest delivery has waited; `undefined` if none waits. */
  get oldestMs(): number | undefined {
    const [first] = this.#waiting.values();
    return first && waitedMs(first.waiting, this.#host.clock.monotonicMs());
  }

  /** Whether all deliveries fail, or those of one source. */
  get isFailing(): boolean {
    return this.failures >= FAILING_FROM || this.#some(({ failures }) => failures >= FAILING_FROM);
  }

  /** Time until the next retry; `undefined` if none is scheduled. */
  get nextTryMs(): number | undefined {
    let atMs = Number.POSITIVE_INFINITY;
    for (const { retry } of this.#sourceQueues.values()) if (retry) atMs = Math.min(atMs, retry.atMs);
    const nowMs = this.#host.clock.monotonicMs();
    return Number.isFinite(atMs) ? Math.round(Math.max(0, atMs - nowMs, this.#pausedUntilMs - nowMs)) : undefined;
  }

  /** The receiver requested a pause. */
  get isPaused(): boolean {
    return this.size > 0 && this.#pausedUntilMs > this.#host.clock.monotonicMs();
  }

  add({ id, source, octets, attempts, waitedMs }: WaitingRow): void {
    if (this.#waiting.has(id)) return;
    const sourceQueue = this.#sourceQueues.get(source) ?? emptySourceQueue(source);
    this.#sourceQueues.set(source, sourceQueue);
    const waiting = { id, octets, attempts, waitedMs, sinceMs: this.#host.clock.monotonicMs() };
    sourceQueue.waiting.set(id, waiting);
    this.#waiting.set(id, { waiting, sourceQueue });
    this.octets += octets;
    this.#tidy(sourceQueue);
  }

  /** Removes a delivery; one in progress is not aborted. */
  remove(id: number): void {
    const entry = this.#waiting.get(id);
    if (!entry) return;
    this.#waiting.delete(id);
    this.octets -= entry.waiting.octets;
    entry.sourceQueue.waiting.delete(id);
    this.#tidy(entry.sourceQueue);
  }

  /** Gives up the oldest delivery that is not in progress. Returns false if there is none. */
  giveUpOldest(error: string): boolean {
    for (const { waiting, sourceQueue } of this.#waiting.values()) {
      if (sourceQueue.underWay === waiting) continue;
      this.#die(waiting, error);
      this.remove(waiting.id);
      return true;
    }
    return false;
  }

  /** Starts as many deliveries as the limits allow. */
  start(): void {
    const { clock, bounds } = this.#host;
    while (!this.#stopped && this.#ready.size > 0 && this.#underWay < bounds.maxConcurrent) {
      const delayMs = Math.max(this.#pausedUntilMs - clock.monotonicMs(), this.#rate.delayMs);
      if (delayMs > 0) {
        this.#timer ??= clock.after(delayMs, () => {
          this.#timer = undefined;
          this.start();
        });
        return;
      }
      if (!this.#host.mayBegin(this)) return;
      const [sourceQueue] = this.#ready;
      this.#ready.delete(sourceQueue!);
      this.#rate.take();
      this.#host.began(this.#deliver(sourceQueue!));
    }
  }

  /** Starts no more deliveries. */
  stop(): void {
    this.#stopped = true;
    this.#timer?.cancel();
    for (const { retry } of this.#sourceQueues.values()) retry?.timer.cancel();
  }

  async #deliver(sourceQueue: SourceQueue): Promise<void> {
    const [next] = sourceQueue.waiting.values();
    sourceQueue.underWay = next;
    this.#underWay += 1;
    this.lastUsedMs = this.#host.clock.monotonicMs();
    const outcome = await this.#attempt(sourceQueue, next!);
    this.#underWay -= 1;
    sourceQueue.underWay = undefined;
    if (outcome) this.#judge(sourceQueue, next!, outcome);
    else if (this.#waiting.has(next!.id)) this.#wait(sourceQueue, STORE_RETRY_MS);
    this.#tidy(sourceQueue);
    this.start();
  }

  /** Resolves with `undefined` if the receiver is not the cause of a failure. */
  async #attempt(sourceQueue: SourceQueue, { id }: Waiting): Promise<AttemptOutcome | undefined> {
    try {
      if (!sourceQueue.messages.has(id)) sourceQueue.messages = await this.#host.messages(readAhead(sourceQueue));
    } catch {
      // The store reports the error in its health.
      return undefined;
    }
    const message = sourceQueue.messages.get(id);
    if (message) return this.#host.attempt(this.webhook, message, sourceQueue.failures);
    // The delivery was removed.
    this.remove(id);
    return undefined;
  }

  #judge(sourceQueue: SourceQueue, waiting: Waiting, outcome: AttemptOutcome): void {
    if (outcome.is === 'delivered') {
      if (this.failures >= FAILING_FROM) this.#host.turned(this, false);
      this.delivered += 1;
      this.failures = 0;
      this.#failingSinceMs = undefined;
      this.lastDeliveredMs = Math.round(this.#host.clock.wallMs());
      sourceQueue.failures = 0;
      this.#host.settler.delivered(waiting.id);
      this.remove(waiting.id);
      this.#host.delivered(this, sourceQueue.source);
      return;
    }
    this.failed += 1;
    this.failures += 1;
    this.lastError = outcome.error;
    this.#failingSinceMs ??= this.#host.clock.monotonicMs();
    waiting.attempts += 1;
    sourceQueue.failures += 1;
    sourceQueue.messages = new Map();
    if (this.failures === FAILING_FROM) this.#host.turned(this, true);
    this.#afterFailure(sourceQueue, waiting, outcome);
  }

  #afterFailure(
    sourceQueue: SourceQueue,
    waiting: Waiting,
    outcome: Exclude<AttemptOutcome, { readonly is: 'delivered' }>,
  ): void {
    const { clock, random, settler, bounds } = this.#host;
    const { id, attempts } = waiting;
    const isUnwanted = outcome.is === 'gone' || (outcome.is === 'refused' && attempts >= MAX_REFUSALS);
    // False if the delivery was removed while in progress.
    const isQueued = this.#waiting.has(id);
    if (isUnwanted || waitedMs(waiting, clock.monotonicMs()) >= bounds.giveUpAfterMs) {
      if (isQueued) this.#die(waiting, outcome.error);
      // A receiver that replies is reachable, so the next delivery does not have to wait. If this delivery is overdue,
      // the next one probably is too, so waiting would not help.
      if (isUnwanted) sourceQueue.failures = 0;
      this.remove(id);
      return;
    }
    if (isQueued) settler.failed({ id, attempts, error: outcome.error });
    const pauseMs = outcome.is === 'failed' ? (outcome.pauseMs ?? 0) : 0;
    this.#pausedUntilMs = Math.max(this.#pausedUntilMs, clock.monotonicMs() + pauseMs);
    this.#wait(sourceQueue, Math.max(pauseMs, SHORTEST_MS, retryDelayMs(RETRY, sourceQueue.failures, random)));
  }

  #wait(sourceQueue: SourceQueue, delayMs: number): void {
    if (this.#stopped) return;
    const { clock } = this.#host;
    const timer = clock.after(delayMs, () => {
      sourceQueue.retry = undefined;
      this.#tidy(sourceQueue);
      this.start();
    });
    sourceQueue.retry = { timer, atMs: clock.monotonicMs() + delayMs };
  }

  #die(waiting: Waiting, error: string): void {
    const { clock } = this.#host;
    this.#host.died(this, {
      id: waiting.id,
      attempts: waiting.attempts,
      error,
      waitedMs: waitedMs(waiting, clock.monotonicMs()),
      deadMs: Math.round(clock.wallMs()),
    });
  }

  #some(matches: (sourceQueue: SourceQueue) => boolean): boolean {
    for (const sourceQueue of this.#sourceQueues.values()) if (matches(sourceQueue)) return true;
    return false;
  }

  /** Updates the state of a source queue: ready if it may continue, removed if it is empty. */
  #tidy(sourceQueue: SourceQueue): void {
    if (sourceQueue.underWay) return;
    if (sourceQueue.waiting.size === 0) {
      sourceQueue.retry?.timer.cancel();
      this.#ready.delete(sourceQueue);
      this.#sourceQueues.delete(sourceQueue.source);
    } else if (!sourceQueue.retry) this.#ready.add(sourceQueue);
  }
}
