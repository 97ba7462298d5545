import type { FollowedValue } from './followed-value.ts';
import type { WatchedValue } from './watch-list.ts';

/** Somebody who tells of values: it is told that one of them is another, and asks for it when it likes. */
export interface ValueUser {
  readonly intervalMs: number;
  touch(): void;
}

/** Begins to follow a value at one of the places that may have it. */
export type FollowValue = (periodMs: number, changed: () => void) => FollowedValue;

/** A place that may have a value; of one with the same key nothing is to be begun anew. */
export interface ValuePlace {
  readonly key: string;
  readonly follow: FollowValue;
}

export interface LiveValueOptions {
  readonly watched: WatchedValue;
  /** Who may have it now, the first that is to be asked first; at least one. */
  readonly placesOf: (watched: WatchedValue) => readonly ValuePlace[];
}

/** A value that somebody looks at, wherever it is: at the first place that has it. */
export class LiveValue {
  readonly #options: LiveValueOptions;
  readonly #users = new Set<ValueUser>();
  #places: readonly ValuePlace[] = [];
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

  join(user: ValueUser): void {
    this.#users.add(user);
    if (this.#followed) this.#followed.pace(this.#periodMs());
    else this.place();
  }

  leave(user: ValueUser): void {
    this.#users.delete(user);
    if (!this.isIdle) this.#followed?.pace(this.#periodMs());
    else {
      this.#followed?.release();
      this.#followed = undefined;
    }
  }

  /** Looks anew who has it: to be called when entities may have come, gone or moved. */
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
