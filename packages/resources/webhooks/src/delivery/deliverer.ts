import type { Clock, Random, Timer } from '@medkit/edges';
import { within } from '@medkit/edges';
import type { DeliveryFilter, Outbox } from '../outbox/outbox.ts';
import type { WaitingRow } from '../outbox/outbox-rows.ts';
import { type AttemptEdges, attempt } from './attempt.ts';
import { KnownTargets } from './known-targets.ts';
import { rateLimitedLog } from './rate-limited-log.ts';
import { Settler } from './settler.ts';
import { type TargetBounds, type TargetHost, TargetQueue } from './target-queue.ts';

/** Deliveries loaded into the queues with one read. */
const PAGE = 1000;
/** Maximum concurrent requests to all targets together. */
const MAX_UNDER_WAY = 256;
const LOAD_RETRY_MS = 1000;
/** How often the waiting time of deliveries is written; a crash loses at most this much of it. */
const TIDY_MS = 600_000;
/** Maximum time that closing waits for pending requests. */
const CLOSE_TIMEOUT_MS = 2000;

export interface DelivererOptions {
  readonly outbox: Outbox;
  readonly edges: AttemptEdges;
  readonly clock: Clock;
  readonly random: Random;
  readonly bounds: TargetBounds;
  /** Maximum waiting deliveries; beyond it, the oldest of the target with the most are given up. */
  readonly maxQueued: number;
  readonly maxDead: number;
  readonly log: (level: 'info' | 'warn', message: string) => void;
  /** Called for each successful delivery. */
  readonly onDelivered?: ((delivered: Delivered) => void) | undefined;
}

/** A successful delivery. */
export interface Delivered {
  /** The name of a receiver of the configuration, or the origin of a webhook. */
  readonly to: string;
  /** Address of the event source: `/api/v1/apps/battery_monitor/triggers/trig_1`. */
  readonly source: string;
}

/** Delivers the content of the outbox until it is closed. */
export class Deliverer {
  readonly #options: DelivererOptions;
  readonly #settler: Settler;
  readonly #targets: KnownTargets;
  /** Queues with deliveries that wait for a free request slot. */
  readonly #heldUp = new Set<TargetQueue>();
  readonly #underWay = new Set<Promise<void>>();
  readonly #end = new AbortController();
  readonly #host: TargetHost;
  readonly #logDeadLetter: (message: string) => void;
  readonly #logReadFailure: (message: string) => void;
  /** Deliveries up to this number are loaded into the queues. */
  #loadedId = 0;
  #wanted = false;
  #loading = false;
  #retry: Timer | undefined;
  #closed = false;
  #tidying: Timer | undefined;
  #tidiedMs = 0;
  /** Deliveries that were given up; `overflowed` counts those given up because a queue was full. */
  died = 0;
  overflowed = 0;

  constructor(options: DelivererOptions) {
    const { outbox, clock, log } = options;
    this.#options = options;
    this.#targets = new KnownTargets(clock);
    this.#logDeadLetter = rateLimitedLog(clock, (message) => log('warn', message));
    this.#logReadFailure = rateLimitedLog(clock, (message) => log('warn', message));
    this.#settler = new Settler({
      outbox,
      clock,
      maxDead: options.maxDead,
      warn: (message) => log('warn', message),
      onRoom: () => this.#resume(),
    });
    this.#host = this.#hostOfTargets(options);
  }

  get targets(): Pick<KnownTargets, 'all' | 'delivered' | 'failed'> {
    return this.#targets;
  }

  /** Stored dead letters. */
  get dead(): number {
    return this.#settler.dead;
  }

  /** Dead letters that were removed in favour of newer ones. */
  get removed(): number {
    return this.#settler.removed;
  }

  /** Rejects with a `StoreError` if the outbox cannot be read. */
  async start(): Promise<void> {
    const { outbox, clock } = this.#options;
    for (const { dead } of (await outbox.deadByTarget()).values()) this.#settler.dead += dead;
    this.#tidiedMs = clock.monotonicMs();
    this.#tidying = clock.every(TIDY_MS, () => void this.#tidy());
    this.wake();
  }

  /** Checks the outbox for new deliveries. */
  wake(): void {
    this.#wanted = true;
    if (!this.#loading && !this.#retry && !this.#closed) void this.#load();
  }

  /** Retries dead letters as if they were new. Returns how many. */
  async redeliver(filter: DeliveryFilter): Promise<number> {
    const rows = await this.#options.outbox.revive(filter);
    this.#settler.dead -= rows.length;
    await this.#enqueue(rows);
    return rows.length;
  }

  /** Removes a delivery. Returns false if it does not exist. */
  async drop(id: number): Promise<boolean> {
    const dropped = await this.#options.outbox.remove(id);
    if (!dropped) return false;
    if (dropped.wasDead) this.#settler.dead -= 1;
    else this.#targets.get(dropped.targetId)?.remove(id);
    return true;
  }

  /** Starts no more requests, waits briefly for pending ones, and writes their outcome. */
  async close(): Promise<void> {
    const { clock } = this.#options;
    this.#closed = true;
    this.#tidying?.cancel();
    this.#retry?.cancel();
    for (const target of this.#targets.all) target.stop();
    await within(clock, CLOSE_TIMEOUT_MS, Promise.all(this.#underWay), () => []);
    this.#end.abort();
    await Promise.all(this.#underWay);
    await this.#settler.close();
    await this.#writeWaited();
  }

  #hostOfTargets({ outbox, edges, clock, random, bounds, log, onDelivered }: DelivererOptions): TargetHost {
    return {
      clock,
      random,
      bounds,
      settler: this.#settler,
      mayBegin: (queue) => {
        const may = this.#underWay.size < MAX_UNDER_WAY && !this.#settler.isFull;
        if (!may) this.#heldUp.add(queue);
        return may;
      },
      began: (delivery) => {
        this.#underWay.add(delivery);
        void delivery.then(() => {
          this.#underWay.delete(delivery);
          this.#resume();
        });
      },
      messages: (ids) => outbox.messages(ids),
      attempt: async (webhook, message, turn) => {
        const { outcome } = await attempt(edges, webhook, message, { turn, signal: this.#end.signal });
        return outcome.is !== 'delivered' && this.#end.signal.aborted ? undefined : outcome;
      },
      delivered: ({ receiver, origin }, source) => onDelivered?.({ to: receiver ?? origin, source }),
      died: ({ origin }, delivery) => {
        this.died += 1;
        this.#settler.died(delivery);
        this.#logDeadLetter(
          `A webhook to ${origin} could not be delivered and is stored as a dead letter: ${delivery.error}`,
        );
      },
      turned: ({ origin, lastError }, isFailing) =>
        isFailing
          ? log('warn', `Webhooks to ${origin} cannot be delivered now and are queued: ${lastError}`)
          : log('info', `Webhooks are delivered to ${origin} again`),
    };
  }

  #resume(): void {
    const queues = [...this.#heldUp];
    this.#heldUp.clear();
    for (const queue of queues) queue.start();
  }

  async #load(): Promise<void> {
    const { outbox, clock } = this.#options;
    this.#loading = true;
    try {
      while (this.#wanted && !this.#closed) {
        this.#wanted = false;
        const rows = await outbox.waitingAfter(this.#loadedId, PAGE);
        await this.#enqueue(rows);
        this.#loadedId = rows.at(-1)?.id ?? this.#loadedId;
        if (rows.length === PAGE) this.#wanted = true;
      }
    } catch (error) {
      // The deliveries stay on disk, so nothing is lost.
      this.#wanted = true;
      this.#logReadFailure(`Queued webhooks cannot be read, and are not delivered until then: ${error}`);
      if (this.#closed) return;
      this.#retry = clock.after(LOAD_RETRY_MS, () => {
        this.#retry = undefined;
        this.wake();
      });
    }
    this.#loading = false;
  }

  async #enqueue(rows: readonly WaitingRow[]): Promise<void> {
    for (const row of rows) (await this.#target(row.targetId))?.add(row);
    this.#targets.forgetIdle();
    if (this.#closed) return;
    this.overflowed += this.#targets.makeRoom(this.#options.maxQueued);
    for (const target of this.#targets.all) target.start();
  }

  /** Returns `undefined` if the target was removed from disk with all its deliveries. */
  async #target(id: number): Promise<TargetQueue | undefined> {
    const known = this.#targets.get(id);
    if (known) return known;
    const webhook = await this.#options.outbox.webhook(id);
    if (webhook && !this.#targets.get(id)) this.#targets.add(new TargetQueue(id, webhook, this.#host));
    return this.#targets.get(id);
  }

  async #tidy(): Promise<void> {
    const { outbox } = this.#options;
    await this.#writeWaited();
    this.#targets.forgetIdle();
    try {
      if (await outbox.exists()) await outbox.removeIdleTargets(this.#targets.all.map(({ id }) => id));
    } catch {
      // The next run removes them.
    }
  }

  async #writeWaited(): Promise<void> {
    const { outbox, clock } = this.#options;
    const elapsedMs = clock.monotonicMs() - this.#tidiedMs;
    this.#tidiedMs += elapsedMs;
    if (!this.#targets.all.some(({ size }) => size > 0)) return;
    try {
      await outbox.addWaited(elapsedMs, this.#loadedId);
    } catch {
      // Deliveries are then retried longer than necessary.
    }
  }
}
