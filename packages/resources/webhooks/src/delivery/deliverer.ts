import type { Clock, Random, Timer } from '@medkit/edges';
import { within } from '@medkit/edges';
import type { DeliveryFilter, Outbox } from '../outbox/outbox.ts';
import type { WaitingRow } from '../outbox/outbox-rows.ts';
import { type AttemptEdges, attempt } from './attempt.ts';
import { KnownTargets } from './known-targets.ts';
import { seldom } from './seldom.ts';
import { Settler } from './settler.ts';
import { type TargetBounds, type TargetHost, TargetQueue } from './target-queue.ts';

/** Deliveries that are entered into the queues at once. */
const PAGE = 1000;
/** Requests under way to all targets together. */
const MAX_UNDER_WAY = 256;
const LOAD_RETRY_MS = 1000;
/** How often it is written how long deliveries have waited: that much of it a sudden end may forget. */
const TIDY_MS = 600_000;
/** How long the end is held up for requests under way. */
const CLOSE_TIMEOUT_MS = 2000;

export interface DelivererOptions {
  readonly outbox: Outbox;
  readonly edges: AttemptEdges;
  readonly clock: Clock;
  readonly random: Random;
  readonly bounds: TargetBounds;
  /** Deliveries that wait; beyond, the oldest of the target with the most are given up. */
  readonly maxQueued: number;
  readonly maxDead: number;
  readonly log: (level: 'info' | 'warn', message: string) => void;
  /** Hears of what has arrived. */
  readonly onDelivered?: ((delivered: Delivered) => void) | undefined;
}

/** What has arrived. */
export interface Delivered {
  /** The name of a receiver of the configuration, or where a webhook goes as people are shown it. */
  readonly to: string;
  /** Address of what told it: `/api/v1/apps/battery_monitor/triggers/trig_1`. */
  readonly source: string;
}

/** Delivers what the outbox has, until it is closed. */
export class Deliverer {
  readonly #options: DelivererOptions;
  readonly #settler: Settler;
  readonly #targets: KnownTargets;
  /** Queues that could have begun something if there had been room. */
  readonly #heldUp = new Set<TargetQueue>();
  readonly #underWay = new Set<Promise<void>>();
  readonly #end = new AbortController();
  readonly #host: TargetHost;
  readonly #tellDeath: (message: string) => void;
  readonly #tellUnread: (message: string) => void;
  /** Everything up to this number is in the queues. */
  #loadedId = 0;
  #wanted = false;
  #loading = false;
  #retry: Timer | undefined;
  #closed = false;
  #tidying: Timer | undefined;
  #tidiedMs = 0;
  /** Deliveries that were given up, and those of them for want of room. */
  died = 0;
  overflowed = 0;

  constructor(options: DelivererOptions) {
    const { outbox, clock, log } = options;
    this.#options = options;
    this.#targets = new KnownTargets(clock);
    this.#tellDeath = seldom(clock, (message) => log('warn', message));
    this.#tellUnread = seldom(clock, (message) => log('warn', message));
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

  /** Dead letters that are kept. */
  get dead(): number {
    return this.#settler.dead;
  }

  /** Dead letters that made way for newer ones. */
  get removed(): number {
    return this.#settler.removed;
  }

  /** Rejects with a `StoreError` where the outbox cannot be read. */
  async start(): Promise<void> {
    const { outbox, clock } = this.#options;
    for (const { dead } of (await outbox.deadByTarget()).values()) this.#settler.dead += dead;
    this.#tidiedMs = clock.monotonicMs();
    this.#tidying = clock.every(TIDY_MS, () => void this.#tidy());
    this.wake();
  }

  /** Looks for new deliveries. */
  wake(): void {
    this.#wanted = true;
    if (!this.#loading && !this.#retry && !this.#closed) void this.#load();
  }

  /** Tries dead letters again, as if they were new. Gives how many. */
  async redeliver(filter: DeliveryFilter): Promise<number> {
    const rows = await this.#options.outbox.revive(filter);
    this.#settler.dead -= rows.length;
    await this.#enqueue(rows);
    return rows.length;
  }

  /** Forgets a delivery. False where there is none. */
  async drop(id: number): Promise<boolean> {
    const dropped = await this.#options.outbox.remove(id);
    if (!dropped) return false;
    if (dropped.wasDead) this.#settler.dead -= 1;
    else this.#targets.get(dropped.targetId)?.remove(id);
    return true;
  }

  /** Begins nothing more, waits a little for what is under way, and writes what became of it. */
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
        const { verdict } = await attempt(edges, webhook, message, { turn, signal: this.#end.signal });
        return verdict.is !== 'delivered' && this.#end.signal.aborted ? undefined : verdict;
      },
      delivered: ({ receiver, origin }, source) => onDelivered?.({ to: receiver ?? origin, source }),
      died: ({ origin }, delivery) => {
        this.died += 1;
        this.#settler.died(delivery);
        this.#tellDeath(`A webhook to ${origin} was given up and is kept as a dead letter: ${delivery.error}`);
      },
      turned: ({ origin, lastError }, isFailing) =>
        isFailing
          ? log('warn', `Webhooks are not delivered to ${origin} now, they wait: ${lastError}`)
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
      // Nothing is lost meanwhile.
      this.#wanted = true;
      this.#tellUnread(`Webhooks that wait cannot be read, and are not delivered until they can: ${error}`);
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

  /** `undefined` where it is gone from the disk with everything that was for it. */
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
      // They are removed the next time.
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
      // Deliveries are then tried for longer than they have to be.
    }
  }
}
