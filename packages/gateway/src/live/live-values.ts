import type { Model } from '@medkit/core';
import type { Clock, Timer } from '@medkit/edges';
import type { DataService } from '@medkit/entities';
import type { Revisions } from './followed-value.ts';
import { LiveItem, partOfItem } from './live-item.ts';
import { LiveValue, type ValueLocation, type ValueSubscriber } from './live-value.ts';
import { Pauses } from './pauses.ts';
import type { WatchedValue } from './watch-list.ts';

/** Interval of the checks for silent or missing items. */
const LOOK_MS = 1000;

/** Returns the peers that may have a value, and whether this gateway may have it too. */
export interface RemoteValues {
  placesOf(watched: WatchedValue): { readonly isHere: boolean; readonly places: readonly ValueLocation[] };
}

export interface LiveValuesOptions {
  readonly model: Pick<Model, 'tree' | 'events'>;
  readonly data: Pick<DataService, 'reading' | 'watch'>;
  readonly clock: Clock;
  readonly revisions: Revisions;
  /** Absent if the gateway has no peers. */
  readonly remote?: RemoteValues | undefined;
}

interface HeldItem {
  readonly item: LiveItem;
  readonly watched: WatchedValue;
  /** Periods of the clients that follow the item or a part of it. */
  readonly periods: Map<object, { readonly periodMs: number; readonly changed: () => void }>;
}

/** The followed values, each read once for all clients; idle without clients. */
export class LiveValues {
  readonly #options: LiveValuesOptions;
  readonly #values = new Map<string, LiveValue>();
  readonly #items = new Map<string, HeldItem>();
  readonly #pauses: Pauses;
  #looking: (() => void) | undefined;
  #isStale = false;

  constructor(options: LiveValuesOptions) {
    this.#options = options;
    this.#pauses = new Pauses(options.clock);
  }

  /** Number of followed values, and of items of this gateway that are read for them. */
  get size(): { readonly values: number; readonly items: number } {
    return { values: this.#values.size, items: this.#items.size };
  }

  join(watched: WatchedValue, user: ValueSubscriber): LiveValue {
    const known = this.#values.get(watched.name);
    const value = known ?? new LiveValue({ watched, placesOf: (each) => this.#placesOf(each) });
    if (!known) this.#values.set(watched.name, value);
    this.#looking ??= this.#beginToLook();
    value.join(user);
    return value;
  }

  leave({ name }: WatchedValue, user: ValueSubscriber): void {
    const value = this.#values.get(name);
    value?.leave(user);
    if (!value?.isIdle) return;
    this.#values.delete(name);
    if (this.#values.size > 0) return;
    this.#looking?.();
    this.#looking = undefined;
  }

  #placesOf(watched: WatchedValue): readonly ValueLocation[] {
    const { isHere, places } = this.#options.remote?.placesOf(watched) ?? { isHere: true, places: [] };
    const here: ValueLocation = {
      key: 'here',
      follow: (periodMs, changed) => this.#followHere(watched, periodMs, changed),
    };
    return isHere || places.length === 0 ? [here, ...places] : places;
  }

  #followHere(watched: WatchedValue, periodMs: number, changed: () => void) {
    const { kind, entityId, item: id, pointer } = watched;
    const key = `${kind} ${entityId} ${id}`;
    const held = this.#items.get(key) ?? this.#hold(key, watched, periodMs);
    const looker = {};
    const pace = (paceMs: number): void => {
      held.periods.set(looker, { periodMs: paceMs, changed });
      held.item.pace(shortest(held));
    };
    pace(periodMs);
    const release = (): void => {
      held.periods.delete(looker);
      if (held.periods.size > 0) held.item.pace(shortest(held));
      else {
        if (this.#items.get(key) === held) this.#items.delete(key);
        held.item.close();
      }
    };
    return partOfItem(held.item, pointer, { pace, release });
  }

  #hold(key: string, watched: WatchedValue, periodMs: number): HeldItem {
    const { data, clock, revisions } = this.#options;
    const periods: HeldItem['periods'] = new Map();
    const changed = (): void => {
      for (const looker of [...periods.values()]) looker.changed();
    };
    const item = new LiveItem({ data, clock, pauses: this.#pauses, revisions, item: watched, changed }, periodMs);
    const held = { item, watched, periods };
    this.#items.set(key, held);
    return held;
  }

  #beginToLook(): () => void {
    const { model, clock } = this.#options;
    const doubt = (): void => {
      this.#isStale = true;
    };
    const stops = [model.events.on('entities.changed', doubt), model.events.on('data.changed', doubt, 'all')];
    const timer: Timer = clock.every(LOOK_MS, () => this.#look());
    return () => {
      timer.cancel();
      for (const stop of stops) stop();
    };
  }

  #look(): void {
    const isStale = this.#isStale;
    this.#isStale = false;
    const { tree } = this.#options.model;
    if (isStale) for (const value of this.#values.values()) value.place();
    for (const { item, watched } of [...this.#items.values()])
      item.look(isStale, tree.resolve(watched.kind, watched.entityId) !== undefined);
  }
}

function shortest({ periods }: HeldItem): number {
  let shortestMs = Number.POSITIVE_INFINITY;
  for (const { periodMs } of periods.values()) shortestMs = Math.min(shortestMs, periodMs);
  return shortestMs;
}
