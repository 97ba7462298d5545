import { SovdError } from '@medkit/contract';
import {
  abandonedCallError,
  assertQuota,
  type CallContext,
  type CoreEvents,
  type EntityRef,
  type EntityRenamed,
  type EventBus,
  errorMessage,
  type Log,
  loading,
  ownerOf,
} from '@medkit/core';
import { type Clock, type Quota, type Timer, taskQueue, within } from '@medkit/edges';
import { covers, type HeldLock, isHolder, type Lock, lockId } from './lock.ts';
import type { RequestedLock } from './lock-rules.ts';
import type { LockStorage } from './lock-storage.ts';
import { LockTable } from './lock-table.ts';
import type { RunningChanges } from './running-changes.ts';

export interface LockRegistryOptions {
  readonly storage: LockStorage;
  readonly clock: Clock;
  readonly log: Log;
  readonly events: Pick<EventBus<CoreEvents>, 'emit'>;
  readonly underWay: RunningChanges;
  /** Returns whether the locks of an entity are dormant, because another gateway's entity has its id now. */
  readonly sleeps: (entity: EntityRef) => boolean;
  /** Returns the entity under its current id. */
  readonly currentOf: (entity: EntityRef) => EntityRef;
  /** Returns the keys of all entities that a lock of this entity closes. */
  readonly subtreeKeys: (entity: EntityRef) => ReadonlySet<string>;
  /** Interval of the sweep that removes expired locks. */
  readonly sweepMs: number;
}

/** The request for a lock, completed with the settings of its entity. */
export type NewLock = RequestedLock & Pick<Lock, 'breakable' | 'seconds'>;

const BOUND = { what: 'locks', remedy: 'release some first', parameter: 'max_locks' } as const;
/** A larger difference between the clocks means that the wall clock was set. */
const CLOCK_WAS_SET_MS = 1000;

/**
 * Stores the locks in memory and on disk, and expires them. Expiry uses the monotonic clock. The disk holds the
 * expiration in wall-clock time, corrected when the wall clock is set. After a restart a lock holds for its remaining
 * time, and never longer than it was granted for.
 */
export class LockRegistry {
  readonly #options: LockRegistryOptions;
  readonly #table = new LockTable();
  /** Numbers of locks that are not granted yet. */
  readonly #pending = new Set<number>();
  readonly #sweeping: Timer;
  #lastNumber = 0;
  readonly #loading = loading(() => this.#load());
  /** Runs changes one at a time, so that the disk ends up with the latest decision. */
  readonly #scheduleWork = taskQueue();
  /** Number of changes since the start, by kind. */
  readonly changes: Record<CoreEvents['lock.changed']['change'], number> = {
    acquired: 0,
    extended: 0,
    released: 0,
    broken: 0,
    expired: 0,
  };

  constructor(options: LockRegistryOptions) {
    this.#options = options;
    this.#sweeping = options.clock.every(options.sweepMs, () => void this.sweep());
  }

  /** Why the stored locks cannot be read; `undefined` if they were read. */
  get failure(): string | undefined {
    return this.#loading.failure;
  }

  /** Quota of locks by the client that acquired them; for locks of an earlier run, by their principal. */
  get quota(): Quota {
    return this.#table.quota;
  }

  /** Resolves when the stored locks are loaded. Throws if they cannot be read; the next call retries. */
  loaded(): Promise<void> {
    return this.#loading.loaded();
  }

  /** Returns the locks that are effective now. */
  holding(): readonly HeldLock[] {
    return this.#table.all().filter((lock) => this.#holds(lock) && !this.#options.sleeps(lock.entity));
  }

  /** Returns the granted locks, oldest first, including dormant ones. */
  granted(): readonly HeldLock[] {
    const granted = this.#table.all().filter((lock) => this.#holds(lock) && !this.#pending.has(lock.number));
    return granted.toSorted((a, b) => a.number - b.number);
  }

  /** Returns the granted lock of an entity, if any. */
  of(entity: Lock['entity']): HeldLock | undefined {
    const lock = this.#table.of(entity);
    return lock && this.#holds(lock) && !this.#pending.has(lock.number) ? lock : undefined;
  }

  /**
   * Acquires a lock unless `assertFree` throws. The lock closes the entity immediately. It is granted when it is on
   * disk and running changes of other clients have ended.
   */
  async acquire(wanted: NewLock, assertFree: () => void, call: CallContext): Promise<HeldLock> {
    const { storage, log } = this.#options;
    await this.loaded();
    if (this.quota.isFull) await this.sweep();
    assertFree();
    const before = this.#table.of(wanted.entity);
    const owner = ownerOf(call);
    if (!before) assertQuota(this.quota, owner, BOUND);
    this.#lastNumber += 1;
    const acquiredMs = this.#options.clock.wallMs();
    const lock = { ...wanted, owner, number: this.#lastNumber, acquiredMs, ...this.#ends(wanted.seconds) };
    this.#table.put(lock);
    this.#pending.add(lock.number);
    try {
      await storage.write({ put: [lock], remove: before ? [before.number] : [] });
      await this.#untilAlone(lock, call);
    } catch (error) {
      this.#table.remove(lock);
      const back = before && this.#holds(before) ? [before] : [];
      for (const old of back) this.#table.put(old);
      await storage.write({ put: back, remove: [lock.number] }).catch((failed: unknown) => {
        log('warn', `${lockId(lock)} was not granted, but is still stored on disk: ${errorMessage(failed)}`);
      });
      throw error;
    } finally {
      this.#pending.delete(lock.number);
    }
    if (before) this.#notify(before.endsAtMs > this.#options.clock.monotonicMs() ? 'broken' : 'expired', before);
    this.#notify('acquired', lock);
    return lock;
  }

  /** Extends a lock to end this many seconds from now. Returns false if it has ended since. */
  extend(lock: HeldLock, seconds: number): Promise<boolean> {
    return this.#scheduleWork(async () => {
      const extended = { ...lock, seconds, ...this.#ends(seconds) };
      if (!this.#table.has(lock)) return false;
      await this.#options.storage.write({ put: [extended] });
      // Another client may have broken the lock since, which removes it from disk after this write.
      if (!this.#table.has(lock)) return false;
      this.#table.put(extended);
      this.#notify('extended', extended);
      return true;
    });
  }

  /**
   * Moves the lock of a renamed entity to the new id. It closes the entity immediately; the disk is updated afterwards.
   * An existing lock of the new id stays, so that no client loses a granted lock.
   */
  rename({ kind, from, to }: EntityRenamed): void {
    const lock = this.#table.of({ kind, id: from });
    if (!lock || this.#pending.has(lock.number) || this.#table.of({ kind, id: to })) return;
    const moved = { ...lock, entity: { kind, id: to } };
    this.#table.remove(lock);
    this.#table.put(moved);
    const { storage, log } = this.#options;
    log('info', `${lockId(lock)} of ${kind} ${from} moves to the new id ${to} of the entity`);
    void this.#scheduleWork(async () => {
      const current = this.#table.of(moved.entity);
      if (current?.number !== lock.number) return;
      await storage.write({ put: [current] }).catch((error: unknown) => {
        log('warn', `${lockId(lock)} is still stored for ${kind} ${from}: ${errorMessage(error)}`);
      });
    });
  }

  release(lock: HeldLock): Promise<void> {
    return this.#scheduleWork(async () => {
      await this.#options.storage.write({ remove: [lock.number] });
      if (this.#table.remove(lock)) this.#notify('released', lock);
    });
  }

  /** Removes expired locks, and corrects the stored expirations if the wall clock was set. */
  sweep(): Promise<void> {
    return this.#scheduleWork(() => this.#sweep());
  }

  async close(): Promise<void> {
    this.#sweeping.cancel();
    await Promise.allSettled([this.#loading.settled(), this.#scheduleWork(async () => undefined)]);
  }

  async #sweep(): Promise<void> {
    const { clock, storage, log } = this.#options;
    try {
      await this.loaded();
      const ended = this.#table.all().filter((lock) => !this.#holds(lock));
      for (const lock of ended) {
        this.#table.remove(lock);
        log('info', `${lockId(lock)} of ${lock.entity.kind} ${lock.entity.id} has expired`);
        this.#notify('expired', lock);
      }
      const moved = this.#table.all().flatMap((lock): HeldLock[] => {
        const expiresMs = clock.wallMs() + lock.endsAtMs - clock.monotonicMs();
        return Math.abs(expiresMs - lock.expiresMs) > CLOCK_WAS_SET_MS ? [{ ...lock, expiresMs }] : [];
      });
      for (const lock of moved) this.#table.put(lock);
      if (ended.length + moved.length === 0) return;
      await storage.write({ put: moved, remove: ended.map(({ number }) => number) });
    } catch (error) {
      // Expired locks are ignored when they are loaded, and the next sweep retries.
      log('warn', `Expired locks could not be removed from disk: ${errorMessage(error)}`);
    }
  }

  async #load(): Promise<void> {
    const { clock, storage } = this.#options;
    const { locks, lastNumber } = await storage.load();
    this.#lastNumber = lastNumber;
    for (const stored of locks) {
      const lock = { ...stored, entity: this.#options.currentOf(stored.entity) };
      // Limits the lock to its granted time, in case the wall clock was set back since.
      const leftMs = Math.min(lock.expiresMs - clock.wallMs(), lock.seconds * 1000);
      this.#table.put({ ...lock, owner: lock.principal, endsAtMs: clock.monotonicMs() + leftMs });
    }
  }

  #ends(seconds: number): Pick<HeldLock, 'expiresMs' | 'endsAtMs'> {
    const { clock } = this.#options;
    return { expiresMs: clock.wallMs() + seconds * 1000, endsAtMs: clock.monotonicMs() + seconds * 1000 };
  }

  #holds({ number, endsAtMs }: HeldLock): boolean {
    return this.#pending.has(number) || endsAtMs > this.#options.clock.monotonicMs();
  }

  /** Resolves when no running change is left that the lock would have refused. */
  async #untilAlone(lock: HeldLock, { signal, deadlineMs }: CallContext): Promise<void> {
    const { clock, underWay, subtreeKeys } = this.#options;
    const reach = subtreeKeys(lock.entity);
    const alone = underWay.ended(
      ({ client, collection, touched }) =>
        !isHolder(lock, client) &&
        covers(lock, collection) &&
        (touched === 'everything' || [...touched].some((key) => reach.has(key))),
    );
    await within(clock, Math.max(0, deadlineMs - clock.monotonicMs()), alone, () => {
      const message = 'Another client is still changing the entity: try again later';
      throw new SovdError({ code: 'precondition-not-fulfilled', message });
    });
    if (signal.aborted) throw abandonedCallError();
  }

  #notify(change: keyof LockRegistry['changes'], lock: Lock): void {
    const { entity, scopes, clientId, expiresMs } = lock;
    this.changes[change] += 1;
    this.#options.events.emit('lock.changed', { change, lockId: lockId(lock), entity, scopes, clientId, expiresMs });
  }
}
