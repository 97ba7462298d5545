import type { Clock, Timer } from '@medkit/edges';
import type { Outbox } from '../outbox/outbox.ts';
import type { DeadDelivery, FailedDelivery } from '../outbox/settlement.ts';

/** Maximum outcomes that are not on disk yet. Beyond it no delivery starts, since a crash would repeat all of them. */
const MAX_UNSETTLED = 1000;
const RETRY_MS = 1000;

export interface SettlerOptions {
  readonly outbox: Pick<Outbox, 'settle'>;
  readonly clock: Clock;
  /** Maximum stored dead letters; the oldest are removed. */
  readonly maxDead: number;
  readonly warn: (message: string) => void;
  /** Called when there is room again. */
  readonly onRoom: () => void;
}

/**
 * Writes the outcome of deliveries. Outcomes that arrive during a write are collected for the next one, so that many
 * share one transaction.
 */
export class Settler {
  readonly #options: SettlerOptions;
  #delivered = new Set<number>();
  #failed = new Map<number, FailedDelivery>();
  #dead = new Map<number, DeadDelivery>();
  #writing: Promise<void> | undefined;
  #retry: Timer | undefined;
  #failing = false;
  #closed = false;
  /** Dead letters on disk. */
  dead = 0;
  /** Dead letters that were removed in favour of newer ones. */
  removed = 0;

  constructor(options: SettlerOptions) {
    this.#options = options;
  }

  get isFull(): boolean {
    return this.#delivered.size + this.#failed.size + this.#dead.size >= MAX_UNSETTLED;
  }

  delivered(id: number): void {
    this.#failed.delete(id);
    this.#delivered.add(id);
    this.#begin();
  }

  failed(delivery: FailedDelivery): void {
    this.#failed.set(delivery.id, delivery);
    this.#begin();
  }

  died(delivery: DeadDelivery): void {
    this.#failed.delete(delivery.id);
    this.#dead.set(delivery.id, delivery);
    this.#begin();
  }

  /** Resolves when all outcomes so far are on disk or failed to be written. */
  async settled(): Promise<void> {
    while (this.#writing) await this.#writing;
  }

  /** Writes the remaining outcomes once, even after earlier failures. */
  async close(): Promise<void> {
    this.#closed = true;
    this.#retry?.cancel();
    this.#retry = undefined;
    await this.settled();
    this.#begin();
    await this.settled();
  }

  #begin(): void {
    if (this.#writing || this.#retry || this.#delivered.size + this.#failed.size + this.#dead.size === 0) return;
    this.#writing = this.#write().then((written) => {
      this.#writing = undefined;
      if (written) this.#begin();
    });
  }

  async #write(): Promise<boolean> {
    const { outbox, maxDead, onRoom } = this.#options;
    const [delivered, failed, dead] = [this.#delivered, this.#failed, this.#dead];
    const wasFull = this.isFull;
    [this.#delivered, this.#failed, this.#dead] = [new Set(), new Map(), new Map()];
    try {
      const { died, removed } = await outbox.settle({
        delivered: [...delivered],
        failed: [...failed.values()],
        dead: [...dead.values()],
        removeDead: Math.max(0, this.dead + dead.size - maxDead),
      });
      this.dead += died - removed;
      this.removed += removed;
      this.#failing = false;
      if (wasFull) onRoom();
      return true;
    } catch (error) {
      // Outcomes that arrived meanwhile are newer.
      this.#delivered = new Set([...delivered, ...this.#delivered]);
      this.#failed = new Map([...failed, ...this.#failed]);
      this.#dead = new Map([...dead, ...this.#dead]);
      this.#afterFailure(error);
      return false;
    }
  }

  #afterFailure(error: unknown): void {
    const { clock, warn } = this.#options;
    if (!this.#failing) warn(`The outcome of webhooks cannot be stored, so they may be delivered again: ${error}`);
    this.#failing = true;
    if (this.#closed) return;
    this.#retry = clock.after(RETRY_MS, () => {
      this.#retry = undefined;
      this.#begin();
    });
  }
}
