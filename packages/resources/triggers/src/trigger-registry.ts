import { type EntityRenamed, errorMessage, type Log, loading, type Model, reserveQuota } from '@medkit/core';
import { type Clock, OwnedMap, Quota, type Timer } from '@medkit/edges';
import { renamedEntity, renamedUri } from '@medkit/entities';
import type { ConditionEvaluators } from './conditions/condition.ts';
import { HistoryMemory } from './event-history.ts';
import type { EventJournal } from './event-journal.ts';
import { isActive, type LiveTrigger, liveTrigger, TERMINATED_RETENTION_MS } from './live-trigger.ts';
import { type RequestedTrigger, type TriggerRecord, triggerId } from './trigger.ts';
import type { StoredTrigger, TriggerRecords } from './trigger-records.ts';

/** Interval of the sweep that removes expired triggers. */
const SWEEP_MS = 1000;
/** Retry interval after the stored triggers could not be read. */
const RELOAD_MS = 10_000;
/**
 * Maximum fired single-shot triggers that stay visible. Beyond it, the oldest of the owner with the most is removed.
 */
const MAX_TERMINATED = 1000;
const BOUND = {
  what: 'triggers',
  remedy: 'delete some first, or raise triggers.max_triggers',
  parameter: 'max_triggers',
} as const;
/** A larger difference between the clocks means that the wall clock was set. */
const CLOCK_WAS_SET_MS = 1000;
/** How long an entity may be absent before its triggers are removed: a robot may be off over a weekend. */
export const ORPHANED_MS = 7 * 86_400_000;

export interface TriggerRegistryOptions {
  readonly model: Pick<Model, 'tree'>;
  readonly records: TriggerRecords;
  readonly journal: EventJournal;
  readonly evaluators: ConditionEvaluators;
  readonly clock: Clock;
  readonly log: Log;
  /** `triggers.max_triggers` */
  readonly maxTriggers: number;
  /** Starts observing the resource of a trigger. Rejects if that fails. */
  readonly begin: (trigger: LiveTrigger) => Promise<void>;
  /** Stops observing it. */
  readonly end: (trigger: LiveTrigger) => void;
}

/** Stores the triggers, in memory and the persistent ones on disk, and expires them. */
export class TriggerRegistry {
  readonly #options: TriggerRegistryOptions;
  /** By number, in the order of creation. */
  readonly #triggers = new Map<number, LiveTrigger>();
  readonly #room = new HistoryMemory();
  readonly #sweeping: Timer;
  readonly #reloading: Timer;
  #lastNumber = 0;
  /** Quota of the triggers that are active or being written, by owner. */
  readonly quota: Quota;
  readonly terminatedTriggers = new OwnedMap<number, LiveTrigger>(MAX_TERMINATED, ({ record }) => record.owner);
  /** Active triggers counted in the quota. */
  readonly #counted = new Set<LiveTrigger>();
  readonly #loading = loading(() => this.#load());

  constructor(options: TriggerRegistryOptions) {
    this.#options = options;
    this.quota = new Quota(options.maxTriggers);
    this.#sweeping = options.clock.every(SWEEP_MS, () => this.#sweep());
    this.#reloading = options.clock.every(RELOAD_MS, () => void this.loaded().catch(() => undefined));
  }

  /** Why the stored triggers cannot be read; `undefined` if they were read. */
  get failure(): string | undefined {
    return this.#loading.failure;
  }

  all(): Iterable<LiveTrigger> {
    return this.#triggers.values();
  }

  get(number: number): LiveTrigger | undefined {
    const trigger = this.#triggers.get(number);
    if (trigger && isActive(trigger) && trigger.endsAtMs <= this.#options.clock.monotonicMs()) this.expire(trigger);
    return trigger?.gone ? undefined : trigger;
  }

  /** Resolves when the stored triggers are loaded. Throws if they cannot be read; the next call retries. */
  loaded(): Promise<void> {
    return this.#loading.loaded();
  }

  /**
   * Creates a trigger. Throws, leaving nothing behind, if the quota is full or the trigger cannot be stored or started.
   */
  async make(wanted: RequestedTrigger): Promise<LiveTrigger> {
    await this.loaded();
    reserveQuota(this.quota, wanted.owner, BOUND);
    const trigger = await this.#added(wanted);
    try {
      await this.#options.begin(trigger);
    } catch (error) {
      await this.#discard([trigger]);
      throw error;
    }
    return trigger;
  }

  /** Extends a trigger to end this many seconds from now, unless it ends before that is on disk. */
  async extend(trigger: LiveTrigger, lifetimeSec: number): Promise<void> {
    const record: TriggerRecord = { ...trigger.record, lifetimeSec, ...this.#ends(lifetimeSec) };
    if (record.persistent) await this.#options.records.update(record);
    // The trigger may have ended during the write.
    if (!isActive(trigger)) return;
    trigger.record = record;
    trigger.endsAtMs = this.#options.clock.monotonicMs() + lifetimeSec * 1000;
  }

  /** Moves the triggers of renamed entities to the new id, as for locks, then updates the disk. */
  rename(renamed: readonly EntityRenamed[]): void {
    const { begin, end } = this.#options;
    for (const trigger of this.#triggers.values()) {
      const record = this.#followed(trigger.record, renamed);
      if (record === trigger.record) continue;
      if (isActive(trigger)) end(trigger);
      trigger.record = record;
      if (isActive(trigger)) void begin(trigger).catch(() => undefined);
      if (record.persistent) void this.#store(record);
    }
  }

  /** Returns the record with the current id of its entity; the same record if the id is unchanged. */
  #followed(record: TriggerRecord, renamed: readonly EntityRenamed[] = []): TriggerRecord {
    const { log, model } = this.#options;
    const { entity, resource } = record;
    const change = renamedEntity(model.tree, entity, renamed);
    if (!change) return record;
    log('info', `${triggerId(record)} of ${entity.kind} ${entity.id} moves to the new id ${change.to} of the entity`);
    return { ...record, entity: { kind: entity.kind, id: change.to }, resource: renamedUri(resource, change) };
  }

  async #store(record: TriggerRecord): Promise<void> {
    try {
      await this.#options.records.update(record);
    } catch (error) {
      this.#options.log('warn', `${triggerId(record)} is still stored for its former entity: ${errorMessage(error)}`);
    }
  }

  async remove(trigger: LiveTrigger): Promise<void> {
    if (trigger.record.persistent) await this.#options.records.remove([trigger.record.number]);
    this.#drop(trigger);
  }

  /** Ends a single-shot trigger that has fired. It stays visible for a while, for late clients. */
  terminated(trigger: LiveTrigger): void {
    const { end, clock } = this.#options;
    end(trigger);
    this.#release(trigger);
    trigger.endsAtMs = clock.monotonicMs() + TERMINATED_RETENTION_MS;
    const removed = this.terminatedTriggers.keep(trigger.record.number, trigger);
    if (removed) void this.#discard([removed[1]]);
  }

  expire(trigger: LiveTrigger): void {
    this.#options.log('info', `${triggerId(trigger.record)} has expired`);
    void this.#discard([trigger]);
  }

  async close(): Promise<void> {
    this.#sweeping.cancel();
    this.#reloading.cancel();
    await this.#loading.settled();
    for (const { history } of this.#triggers.values()) history.end();
  }

  async #added(wanted: RequestedTrigger): Promise<LiveTrigger> {
    const record: TriggerRecord = { ...wanted, number: ++this.#lastNumber, ...this.#ends(wanted.lifetimeSec) };
    try {
      await this.#add(record);
      return this.#live({ record, progress: { lastEventId: 0, gists: {} }, events: [] });
    } finally {
      this.quota.release(wanted.owner);
    }
  }

  /** Also stores the number of a trigger that is not persistent, so that it is not reused after a restart. */
  async #add(record: TriggerRecord): Promise<void> {
    const { records, log } = this.#options;
    try {
      await records.add(record);
    } catch (error) {
      if (record.persistent) throw error;
      log(
        'warn',
        `The number of ${triggerId(record)} could not be stored and may be used again: ${errorMessage(error)}`,
      );
    }
  }

  async #load(): Promise<void> {
    const { records, clock, log, begin } = this.#options;
    const { triggers, lastNumber } = await records.load().catch((error: unknown) => {
      if (this.failure === undefined)
        log('error', `Triggers from before the start are not in effect: ${errorMessage(error)}`);
      throw error;
    });
    this.#lastNumber = Math.max(this.#lastNumber, lastNumber);
    const isOver = ({ record: { expiresMs = Number.POSITIVE_INFINITY }, progress: { endedMs } }: StoredTrigger) =>
      endedMs === undefined && expiresMs <= clock.wallMs();
    const over = triggers.filter(isOver).map(({ record }) => record);
    if (over.length > 0) {
      log('warn', `${over.length} triggers have expired while the gateway was off: ${over.map(triggerId).join(', ')}`);
      await this.#removeFromDisk(over);
    }
    const live = triggers
      .filter((stored) => !isOver(stored))
      .flatMap((stored) => {
        const record = this.#followed(stored.record);
        if (record !== stored.record) void this.#store(record);
        return this.#revived({ ...stored, record });
      });
    const active = live.filter(isActive);
    if (active.length > 0) log('info', `${active.length} triggers continue`);
    // Retries triggers whose data cannot be watched yet; the start of the gateway does not wait for them.
    for (const trigger of active) void begin(trigger).catch(() => undefined);
  }

  #revived(stored: StoredTrigger): readonly LiveTrigger[] {
    try {
      return [this.#live(stored)];
    } catch (error) {
      this.#options.log(
        'error',
        `${triggerId(stored.record)} on disk is damaged and is skipped: ${errorMessage(error)}`,
      );
      return [];
    }
  }

  #live(stored: StoredTrigger): LiveTrigger {
    const trigger = liveTrigger(stored, { ...this.#options, room: this.#room });
    this.#triggers.set(stored.record.number, trigger);
    if (isActive(trigger)) {
      this.#counted.add(trigger);
      this.quota.add(trigger.record.owner);
    } else this.terminatedTriggers.set(trigger.record.number, trigger);
    return trigger;
  }

  #release(trigger: LiveTrigger): void {
    if (this.#counted.delete(trigger)) this.quota.release(trigger.record.owner);
  }

  #ends(lifetimeSec: number | undefined): Pick<TriggerRecord, 'expiresMs'> {
    // Rounded, so that it looks the same after it was read from disk.
    return lifetimeSec === undefined
      ? {}
      : { expiresMs: Math.round(this.#options.clock.wallMs()) + lifetimeSec * 1000 };
  }

  #sweep(): void {
    const { clock, model, log } = this.#options;
    const nowMs = clock.monotonicMs();
    const over: LiveTrigger[] = [];
    for (const trigger of [...this.#triggers.values()]) {
      this.#setEndRight(trigger);
      const { record, endedMs, endsAtMs, entitySeenMs } = trigger;
      if (endsAtMs <= nowMs && endedMs !== undefined) over.push(trigger);
      else if (endsAtMs <= nowMs) this.expire(trigger);
      else if (endedMs !== undefined) continue;
      else if (model.tree.get(record.entity.kind, record.entity.id)) trigger.entitySeenMs = nowMs;
      else if (entitySeenMs !== undefined && nowMs - entitySeenMs >= ORPHANED_MS) {
        const { kind, id } = record.entity;
        log('warn', `${triggerId(record)} is removed: ${kind} ${id} has not been available for a week`);
        over.push(trigger);
      }
    }
    if (over.length > 0) void this.#discard(over);
  }

  /**
   * Corrects the stored expiration after the wall clock was set, for example on a robot that gets the time after its
   * start.
   */
  #setEndRight(trigger: LiveTrigger): void {
    const { clock, records, log } = this.#options;
    const { record, endsAtMs } = trigger;
    const expiresMs = clock.wallMs() + endsAtMs - clock.monotonicMs();
    if (!isActive(trigger) || record.expiresMs === undefined) return;
    if (Math.abs(expiresMs - record.expiresMs) <= CLOCK_WAS_SET_MS) return;
    trigger.record = { ...record, expiresMs };
    if (!record.persistent) return;
    records.update(trigger.record).catch((error: unknown) => {
      log(
        'warn',
        `The expiry of ${triggerId(record)} could not be updated on disk after a change of the clock: ${errorMessage(error)}`,
      );
    });
  }

  /** Removes ended triggers. Never rejects. */
  async #discard(triggers: readonly LiveTrigger[]): Promise<void> {
    for (const trigger of triggers) this.#drop(trigger);
    await this.#removeFromDisk(triggers.map(({ record }) => record));
  }

  #drop(trigger: LiveTrigger): void {
    const { journal, end } = this.#options;
    if (isActive(trigger)) end(trigger);
    trigger.gone = true;
    this.#release(trigger);
    this.#triggers.delete(trigger.record.number);
    this.terminatedTriggers.delete(trigger.record.number);
    journal.forget(trigger);
    trigger.history.forget();
  }

  async #removeFromDisk(records: readonly TriggerRecord[]): Promise<void> {
    const numbers = records.filter(({ persistent }) => persistent).map(({ number }) => number);
    if (numbers.length === 0) return;
    await this.#options.records.remove(numbers).catch((error: unknown) => {
      const ids = records.map(triggerId).join(', ');
      this.#options.log('warn', `Ended triggers could not be removed from disk, ${ids}: ${errorMessage(error)}`);
    });
  }
}
