import type { FollowedValue } from './followed-value.ts';
import type { WatchedValue } from './watch-list.ts';

/** A user of values: notified of changes, reads them when it likes. */
export interface ValueSubscriber {
  readonly intervalMs: number;
  touch(): void;
}

/** Begins to follow a value at one of its possible places. */
export type FollowValue = (periodMs: number, changed: () => void) => FollowedValue;

/** A possible place of a value. If its key is unchanged, it need not be followed again. */
export interface ValueLocation {
  readonly key: string;
  readonly follow: FollowValue;
}

export interface LiveValueOptions {
  readonly watched: WatchedValue;
  /** Returns the places of the value now, in order of preference; at least one. */
  readonly placesOf: (watched: WatchedValue) => readonly ValueLocation[];
}

/** A value with users, at the first place that has it. */
export class LiveValue {
  readonly #options: LiveValueOptions;
  readonly #users = new Set<ValueSubscriber>();
  #places: readonly ValueLocation[] = [];
  #at = 0;
  #followed: FollowedValue | undefined;

  constructor(options: LiveValueOptions) {
    this.#options = options;
  }

  get revision(): number {
    return this.#followed?.revision ?? 0;
  }

  get isIdle(): boolean {
    return this.#users.size === 0;
  }

  text(): string | undefined {
    return this.#followed?.text();
  }

  join(user: ValueSubscriber): void {
    this.#users.add(user);
    if (this.#followed) this.#followed.pace(this.#periodMs());
    else this.place();
  }

  leave(user: ValueSubscriber): void {
    this.#users.delete(user);
    if (!this.isIdle) this.#followed?.pace(this.#periodMs());
    else {
      this.#followed?.release();
      this.#followed = undefined;
    }
  }

  /** Updates the places; called when entities may have appeared, disappeared or moved. */
  place(): void {
    const places = this.#options.placesOf(this.#options.watched);
    const isSame =
      places.length === this.#places.length && places.every(({ key }, at) => key === this.#places[at]?.key);
    if (isSame && this.#followed && !this.#followed.isMissing) return;
    const isThere = isSame && this.#at === 0 && this.#followed !== undefined;
    this.#places = places;
    if (!isThere) this.#follow(0);
  }

  #follow(at: number): void {
    const before = this.#followed;
    this.#at = at;
    this.#followed = this.#places[at]?.follow(this.#periodMs(), () => this.#changed());
    before?.release();
  }

  #changed(): void {
    if (this.#followed?.isMissing && this.#at + 1 < this.#places.length) this.#follow(this.#at + 1);
    else for (const user of this.#users) user.touch();
  }

  #periodMs(): number {
    let periodMs = Number.POSITIVE_INFINITY;
    for (const { intervalMs } of this.#users) periodMs = Math.min(periodMs, intervalMs);
    return periodMs;
  }
}
