/** News come in showers: what they touch is asked for once. */
const SHOWER_MS = 250;
const ROUND_MS = 1_000;

/** Something shown that can be asked for again. */
export interface Renewable {
  /** It is on its way; what comes may be older than the news. */
  isBusy(): boolean;
  /** Asks for it again, if it is shown. */
  renew(): void;
  /** Says that it is old, and asks for nothing. */
  makeStale(): void;
}

export interface RenewalsOptions<Key> {
  /** What is known of some kind now. */
  readonly find: (key: Key) => Iterable<Renewable>;
  readonly isHidden: () => boolean;
  readonly nowMs?: () => number;
}

/**
 * Asks again for what news touch: in rounds, one second apart at least. What is on its way is not broken off, but asked for once more
 * in the round after it has come. A hidden tab asks for nothing, and says what is old.
 */
export class Renewals<Key> {
  readonly #options: RenewalsOptions<Key>;
  readonly #keys = new Set<Key>();
  /** Those that were on their way when something touched them. */
  #late = new Set<Renewable>();
  #timer: ReturnType<typeof setTimeout> | undefined;
  #roundMs = Number.NEGATIVE_INFINITY;

  constructor(options: RenewalsOptions<Key>) {
    this.#options = options;
  }

  touch(keys: Iterable<Key>): void {
    for (const key of keys) this.#keys.add(key);
    this.#plan();
  }

  #plan(): void {
    if (this.#timer !== undefined || (this.#keys.size === 0 && this.#late.size === 0)) return;
    const pauseMs = Math.max(SHOWER_MS, this.#roundMs + ROUND_MS - this.#now());
    this.#timer = setTimeout(() => this.#round(), pauseMs);
  }

  #round(): void {
    this.#timer = undefined;
    this.#roundMs = this.#now();
    const touched = this.#late;
    this.#late = new Set();
    for (const key of this.#keys) for (const one of this.#options.find(key)) touched.add(one);
    this.#keys.clear();
    const isHidden = this.#options.isHidden();
    for (const one of touched) {
      if (one.isBusy()) this.#late.add(one);
      else if (isHidden) one.makeStale();
      else one.renew();
    }
    this.#plan();
  }

  #now(): number {
    return this.#options.nowMs?.() ?? performance.now();
  }
}
