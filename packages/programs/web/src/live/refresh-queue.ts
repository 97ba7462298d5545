/** Events arrive in bursts; the queries they affect are refreshed once per burst. */
const SHOWER_MS = 250;
const ROUND_MS = 1_000;

/** A shown query that can be refreshed. */
export interface Refreshable {
  /** True while a request is running; its reply may be older than the event. */
  isBusy(): boolean;
  /** Refreshes the query if it is shown. */
  renew(): void;
  /** Marks the query as stale without requesting it. */
  makeStale(): void;
}

export interface RefreshQueueOptions<Key> {
  /** Returns the queries of a key. */
  readonly find: (key: Key) => Iterable<Refreshable>;
  readonly isHidden: () => boolean;
  readonly nowMs?: () => number;
}

/**
 * Refreshes queries after events, in rounds at least one second apart. A running request is not aborted but repeated in
 * the round after its reply. A hidden tab only marks its queries as stale.
 */
export class RefreshQueue<Key> {
  readonly #options: RefreshQueueOptions<Key>;
  readonly #keys = new Set<Key>();
  /** Queries to refresh in the next round, besides those of the keys: some had a running request before. */
  #late = new Set<Refreshable>();
  #timer: ReturnType<typeof setTimeout> | undefined;
  #roundMs = Number.NEGATIVE_INFINITY;

  constructor(options: RefreshQueueOptions<Key>) {
    this.#options = options;
  }

  touch(keys: Iterable<Key>): void {
    for (const key of keys) this.#keys.add(key);
    this.#plan();
  }

  /** Refreshes these queries in the next round. */
  renew(some: Iterable<Refreshable>): void {
    for (const one of some) this.#late.add(one);
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
