import { callContext, type DataReading, errorMessage, type Log, type Model } from '@medkit/core';
import { isCrossed } from '@medkit/core/faults';
import type { Clock, Timer } from '@medkit/edges';
import { dormancy, type NamedData, ownersOf, readRounds } from '@medkit/entities';
import type { FaultTrigger } from './fault-trigger.ts';
import { selectNumber } from './select-number.ts';
import { TriggerFaults } from './trigger-faults.ts';
import type { TriggerStorage } from './trigger-storage.ts';
import { type WatchedTrigger, watchedTrigger } from './watched-trigger.ts';

/** Maximum concurrent reads of items that have values. */
const READS_AT_ONCE = 16;
/** Timeout of a read; longer than the wait for a first value. */
const READ_TIMEOUT_MS = 5000;

export interface TriggerWatchOptions {
  readonly model: Model;
  readonly clock: Clock;
  readonly log: Log;
  readonly storage: Pick<TriggerStorage, 'setCrossed' | 'remove'>;
  /** `fault_triggers.poll_interval_ms` */
  readonly pollMs: number;
  readonly names: Pick<NamedData, 'use'>;
}

/** A data item that rules watch. All rules share one read. */
interface DataPoint {
  readonly appId: string;
  readonly dataName: string;
  readonly watched: Set<WatchedTrigger>;
  /** Id of the item at the last read, which saves resolving the name each time. */
  itemId: string | undefined;
  /** Whether the item had a value at the last read. */
  hasValue: boolean;
}

/**
 * Polls the watched items and updates the faults of their rules. Items without a value are read one at a time,
 * separately from the others: their owner may wait for a first value, and many such reads would occupy it.
 */
export class TriggerWatch {
  readonly #options: TriggerWatchOptions;
  readonly #faults: TriggerFaults;
  readonly #points = new Map<string, DataPoint>();
  readonly #closing = new AbortController();
  #timer: Timer | undefined;
  readonly #live = readRounds<DataPoint>(READS_AT_ONCE, (point) => this.#follow(point));
  readonly #quiet = readRounds<DataPoint>(1, (point) => this.#follow(point));

  constructor(options: TriggerWatchOptions) {
    this.#options = options;
    this.#faults = new TriggerFaults({ ...options, signal: this.#closing.signal });
  }

  start(): void {
    const { clock, pollMs } = this.#options;
    this.#timer = clock.every(pollMs, () => this.#poll());
  }

  /** Starts watching a rule. */
  add(trigger: FaultTrigger): WatchedTrigger {
    const watched = watchedTrigger(trigger);
    if (trigger.active) this.#pointOf(trigger).watched.add(watched);
    return watched;
  }

  /**
   * Clears the fault of a rule if it is active, and deletes the rule. Throws `SovdError` if either fails; the rule then
   * stays watched.
   */
  async remove(watched: WatchedTrigger): Promise<void> {
    watched.removed = true;
    try {
      await watched.acting;
      if (watched.crossed) await this.#faults.clear(watched);
      await this.#options.storage.remove(watched.trigger.number);
    } catch (error) {
      watched.removed = false;
      throw error;
    }
    this.#unwatch(watched);
  }

  /** Moves a rule to the new id of its app. */
  rename(watched: WatchedTrigger, appId: string): void {
    this.#unwatch(watched);
    watched.trigger = { ...watched.trigger, appId };
    if (watched.trigger.active) this.#pointOf(watched.trigger).watched.add(watched);
  }

  #unwatch(watched: WatchedTrigger): void {
    const point = this.#pointOf(watched.trigger);
    point.watched.delete(watched);
    if (point.watched.size === 0) this.#points.delete(keyOf(watched.trigger));
  }

  /** Stops polling, and waits for running reads. */
  async close(): Promise<void> {
    this.#timer?.cancel();
    this.#closing.abort();
    await Promise.all([this.#live.close(), this.#quiet.close()]);
  }

  #pointOf({ appId, dataName }: FaultTrigger): DataPoint {
    const key = keyOf({ appId, dataName });
    const point = this.#points.get(key) ?? { appId, dataName, watched: new Set(), itemId: undefined, hasValue: false };
    this.#points.set(key, point);
    return point;
  }

  #poll(): void {
    const points = [...this.#points.values()];
    this.#live.begin(points.filter(({ hasValue }) => hasValue));
    this.#quiet.begin(points.filter(({ hasValue }) => !hasValue));
  }

  async #follow(point: DataPoint): Promise<void> {
    const reading = await this.#read(point);
    point.hasValue = typeof reading !== 'string' && reading.value !== undefined;
    await Promise.all([...point.watched].map((watched) => this.#judge(watched, reading)));
  }

  /** Returns a reading of a point, or the reason why it cannot be read. */
  async #read(point: DataPoint): Promise<DataReading | string> {
    const { model, clock, names } = this.#options;
    const { appId, dataName, itemId: known = dataName } = point;
    const asleep = dormancy(model.tree, { kind: 'app', id: appId });
    if (asleep !== undefined) return asleep;
    const app = model.tree.get('app', appId);
    if (!app || ownersOf(model, app, 'data').length === 0) return `The app ${appId} has no data at the moment`;
    try {
      const call = callContext({ clock, signal: this.#closing.signal, timeoutMs: READ_TIMEOUT_MS });
      return await names.use(app, known, call, async ({ owner, itemId }) => {
        const reading = await owner.provider.read(owner.nativeId, itemId, call);
        point.itemId = itemId;
        return reading;
      });
    } catch (error) {
      point.itemId = undefined;
      return errorMessage(error);
    }
  }

  async #judge(watched: WatchedTrigger, reading: DataReading | string): Promise<void> {
    const { trigger } = watched;
    watched.last = typeof reading === 'string' ? { problem: reading } : selectNumber(reading, trigger.path);
    // A failed read changes nothing: an active fault stays active until a value clears it.
    if ('problem' in watched.last || watched.removed || this.#closing.signal.aborted) return;
    watched.acting = this.#faults.follow(watched, isCrossed(trigger, watched.last.value));
    await watched.acting;
  }
}

function keyOf({ appId, dataName }: Pick<FaultTrigger, 'appId' | 'dataName'>): string {
  return `${appId} ${dataName}`;
}
