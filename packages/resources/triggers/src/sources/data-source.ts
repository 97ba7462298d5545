import { callContext, errorMessage, isLocal, type Log, type Model } from '@medkit/core';
import type { Clock, Timer } from '@medkit/edges';
import { isAggregate, readRounds } from '@medkit/entities';
import { isActive, type LiveTrigger } from '../live-trigger.ts';
import type { Observation } from '../observation.ts';
import { triggerId } from '../trigger.ts';
import { type DataItem, type Listing, ownersIn, resolveDataItems } from './data-items.ts';
import { WatchedItem } from './watched-item.ts';

/** Interval of looking again for missing items and for the items of members. */
const ROUND_MS = 5000;
/** Interval of reading items that cannot be watched, and maximum concurrent reads. */
const READ_MS = 1000;
const READS_AT_ONCE = 16;
/** Combines changes of the tree and of channels within this time: a starting node makes several. */
const SETTLE_MS = 100;
/** Timeout of an owner for listing its items. */
const LIST_TIMEOUT_MS = 2000;
/** Time without a value after which a warning is logged. */
const SILENT_MS = 60_000;

export interface DataSourceOptions {
  readonly model: Model;
  readonly clock: Clock;
  readonly log: Log;
  readonly observe: (trigger: LiveTrigger, observed: Observation) => void;
}

/** A trigger on data, and the items that it observes. */
interface Following {
  readonly trigger: LiveTrigger;
  readonly sinceMs: number;
  /** Watched items by key. */
  watched: ReadonlyMap<string, WatchedItem>;
  /** Possible owners of the items at the last lookup. */
  owners: string;
  /** True if the items must be looked up again. */
  unsettled: boolean;
  /** True if the missing value was logged. */
  warned: boolean;
  /** Why the last attempt to watch its items failed. */
  failure: string | undefined;
  looking: boolean;
}

const NOT_YET = 'No value was received yet';

/**
 * Feeds data values to triggers. Each item is watched once for all of its triggers, while there are any. Owners are
 * looked up again whenever they may have changed.
 */
export class DataSource {
  readonly #options: DataSourceOptions;
  readonly #following = new Map<LiveTrigger, Following>();
  readonly #items = new Map<string, WatchedItem>();
  readonly #round: Timer;
  readonly #reading: Timer;
  readonly #reads = readRounds<WatchedItem>(READS_AT_ONCE, (item) => item.read());
  readonly #stopListening: () => void;
  #settling: Timer | undefined;
  #closed = false;

  constructor(options: DataSourceOptions) {
    this.#options = options;
    const { clock, model } = options;
    this.#round = clock.every(ROUND_MS, () => {
      this.#refresh();
      this.#warnOfSilent();
    });
    this.#reading = clock.every(READ_MS, () =>
      this.#reads.begin([...this.#items.values()].filter(({ isRead }) => isRead)),
    );
    const lookSoon = (): void => {
      if (this.#following.size === 0) return;
      this.#settling ??= clock.after(SETTLE_MS, () => {
        this.#settling = undefined;
        this.#refresh();
      });
    };
    const stops = [model.onChange(lookSoon), model.events.on('data.changed', lookSoon, 'all')];
    this.#stopListening = () => {
      for (const stop of stops) stop();
    };
  }

  /** Number of items that are watched or polled. */
  get size(): number {
    return this.#items.size;
  }

  /** Starts observing. Rejects if the item cannot be watched; retries unless the trigger is dropped. */
  async add(trigger: LiveTrigger): Promise<void> {
    const sinceMs = this.#options.clock.monotonicMs();
    const following = {
      trigger,
      sinceMs,
      watched: new Map(),
      owners: '',
      unsettled: true,
      warned: false,
      failure: undefined,
      looking: false,
    };
    // Ignores a request that was running when the source closed: its watch would never end.
    if (this.#closed) return;
    this.#following.set(trigger, following);
    trigger.problem = NOT_YET;
    await this.#look(following, this.#listing());
  }

  drop(trigger: LiveTrigger): void {
    const following = this.#following.get(trigger);
    if (!following) return;
    this.#following.delete(trigger);
    for (const [key, item] of following.watched) this.#leave(key, item, trigger);
  }

  close(): void {
    this.#closed = true;
    this.#round.cancel();
    this.#reading.cancel();
    void this.#reads.close();
    this.#settling?.cancel();
    this.#stopListening();
    this.#following.clear();
    for (const item of this.#items.values()) item.close();
    this.#items.clear();
  }

  #refresh(): void {
    const listing = this.#listing();
    for (const following of this.#following.values()) {
      if (following.unsettled || this.#hasOtherOwners(following)) this.#tryToLook(following, listing);
    }
  }

  #warnOfSilent(): void {
    const { clock, log } = this.#options;
    for (const following of this.#following.values()) {
      if (following.warned || clock.monotonicMs() - following.sinceMs < SILENT_MS) continue;
      following.warned = true;
      if ([...following.watched.values()].some(({ hasValue }) => hasValue)) continue;
      log(
        'warn',
        `${triggerId(following.trigger.record)} is waiting: no value of ${following.trigger.record.resource} was received yet`,
      );
    }
  }

  #tryToLook(following: Following, listing: Listing): void {
    // The failure is shown as the trigger's problem, and the lookup is repeated.
    this.#look(following, listing).catch(() => undefined);
  }

  /** Looks up the items of a trigger, and moves the trigger to them if they differ. */
  async #look(following: Following, listing: Listing): Promise<void> {
    const { model } = this.#options;
    const { trigger } = following;
    const { entity: ref, item } = trigger.record;
    const entity = model.tree.get(ref.kind, ref.id);
    // While the entity is absent or its id belongs to another gateway, its items stay watched, because it may return.
    if (!entity || !isLocal(entity) || following.looking) return;
    following.looking = true;
    try {
      const owners = ownersIn(model.tree, ref);
      const items = await resolveDataItems(model, entity, item, listing);
      if (!isActive(trigger) || this.#following.get(trigger) !== following) return;
      following.owners = owners;
      following.unsettled = items.length === 0 || isAggregate(model.tree, entity);
      // Items that no owner has now may return, and stay watched.
      if (items.length === 0) return;
      await this.#move(following, items);
      if (following.failure !== undefined && trigger.problem === following.failure) trigger.problem = NOT_YET;
      following.failure = undefined;
    } catch (error) {
      following.unsettled = true;
      following.failure = errorMessage(error);
      trigger.problem = following.failure;
      throw error;
    } finally {
      following.looking = false;
    }
  }

  async #move(following: Following, items: readonly DataItem[]): Promise<void> {
    const { trigger, watched: before } = following;
    const watched = new Map(items.map((item) => [keyOf(item), before.get(keyOf(item)) ?? this.#join(item, trigger)]));
    following.watched = watched;
    for (const [key, item] of before) if (!watched.has(key)) this.#leave(key, item, trigger);
    const begun = await Promise.allSettled([...watched.values()].map((item) => item.begun));
    const failed = [...watched].flatMap(([key, item], at) => {
      const outcome = begun[at];
      return outcome?.status === 'rejected' ? [{ key, item, reason: outcome.reason as unknown }] : [];
    });
    for (const { key, item } of failed) {
      // The next lookup starts it again.
      watched.delete(key);
      if (this.#items.get(key) === item) this.#items.delete(key);
      item.leave(trigger);
    }
    const [first] = failed;
    if (first) throw first.reason;
  }

  #join(item: DataItem, trigger: LiveTrigger): WatchedItem {
    const { clock, observe } = this.#options;
    const key = keyOf(item);
    const watched =
      this.#items.get(key) ?? new WatchedItem({ item, triggerOwner: trigger.record.owner, clock, observe });
    this.#items.set(key, watched);
    watched.join(trigger);
    return watched;
  }

  #leave(key: string, item: WatchedItem, trigger: LiveTrigger): void {
    item.leave(trigger);
    if (!item.isIdle) return;
    if (this.#items.get(key) === item) this.#items.delete(key);
    item.close();
  }

  #hasOtherOwners({ trigger, owners }: Following): boolean {
    return ownersIn(this.#options.model.tree, trigger.record.entity) !== owners;
  }

  /** Lists each owner once, however many triggers need it. */
  #listing(): Listing {
    const { clock } = this.#options;
    const listings = new Map<string, ReturnType<Listing['list']>>();
    const list: Listing['list'] = ({ runtime, nativeId, provider }, call) => {
      const key = `${runtime} ${nativeId}`;
      const listed = listings.get(key) ?? provider.list(nativeId, call);
      listings.set(key, listed);
      return listed;
    };
    return { clock, call: callContext({ clock, timeoutMs: LIST_TIMEOUT_MS }), list };
  }
}

function keyOf({ owner, itemId }: DataItem): string {
  return `${owner.runtime} ${owner.nativeId} ${itemId}`;
}
