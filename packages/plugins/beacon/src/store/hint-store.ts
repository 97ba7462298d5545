import { isDeepStrictEqual } from 'node:util';
import { Quota } from '@medkit/edges';
import type { BeaconHint } from '../hint/beacon-hint.ts';
import type { HintLifetime } from './hint-lifetime.ts';

export type HintStatus = 'active' | 'stale';

/** A hint at one time. */
export interface LiveHint {
  readonly hint: BeaconHint;
  readonly status: HintStatus;
  readonly ageMs: number;
}

/** All hints at one time. */
export interface HintSnapshot {
  readonly hints: readonly LiveHint[];
  /** Milliseconds until the first of them becomes stale or expires; `undefined` if there are none. */
  readonly changesInMs: number | undefined;
}

/**
 * Result of a hint: `refreshed` if it contains nothing new; `late` if it is older than the stored one or expired;
 * `full` if the maximum of entities is reached.
 */
export type HintOutcome = 'added' | 'changed' | 'refreshed' | 'late' | 'full';

export interface HintStoreOptions extends HintLifetime {
  readonly maxHints: number;
}

/** The last hint about each entity until it expires. Does not read a clock: every call receives the time. */
export class HintStore {
  readonly #options: HintStoreOptions;
  readonly #hints = new Map<string, BeaconHint>();
  /** Bounds the entities, by the source that first named them. */
  readonly quota: Quota;
  readonly #sources = new Map<string, string | undefined>();

  constructor(options: HintStoreOptions) {
    this.#options = options;
    this.quota = new Quota(options.maxHints);
  }

  get size(): number {
    return this.#hints.size;
  }

  has(entityId: string): boolean {
    return this.#hints.has(entityId);
  }

  /** Stores a valid hint. Its empty fields keep their previous values; its metadata replaces the previous metadata. */
  update(hint: BeaconHint, nowMs: number, source?: string): HintOutcome {
    const { entityId, receivedAtMs } = hint;
    if (nowMs - receivedAtMs >= this.#options.expiryMs) return 'late';
    const before = this.get(entityId, nowMs);
    if (!before) {
      if (!this.#hints.has(entityId)) {
        if (!this.quota.take(source)) return 'full';
        this.#sources.set(entityId, source);
      }
      this.#hints.set(entityId, hint);
      return 'added';
    }
    if (receivedAtMs < before.hint.receivedAtMs) return 'late';
    const merged = mergedHint(before.hint, hint);
    this.#hints.set(entityId, merged);
    const isSame =
      this.#statusAt(nowMs - receivedAtMs) === before.status &&
      isDeepStrictEqual({ ...before.hint, receivedAtMs }, merged);
    return isSame ? 'refreshed' : 'changed';
  }

  /** Returns the hint about an entity; `undefined` if there is none or it has expired. */
  get(entityId: string, nowMs: number): LiveHint | undefined {
    const hint = this.#hints.get(entityId);
    if (!hint) return undefined;
    const ageMs = Math.max(0, nowMs - hint.receivedAtMs);
    return ageMs < this.#options.expiryMs ? { hint, status: this.#statusAt(ageMs), ageMs } : undefined;
  }

  /** Removes expired hints and returns the others. */
  evictAndSnapshot(nowMs: number): HintSnapshot {
    const hints: LiveHint[] = [];
    let changesInMs = Number.POSITIVE_INFINITY;
    for (const entityId of [...this.#hints.keys()]) {
      const live = this.get(entityId, nowMs);
      if (!live) {
        this.#hints.delete(entityId);
        this.quota.release(this.#sources.get(entityId));
        this.#sources.delete(entityId);
        continue;
      }
      hints.push(live);
      const { ttlMs, expiryMs } = this.#options;
      changesInMs = Math.min(changesInMs, (live.status === 'active' ? ttlMs : expiryMs) - live.ageMs);
    }
    return { hints, changesInMs: hints.length > 0 ? changesInMs : undefined };
  }

  #statusAt(ageMs: number): HintStatus {
    return ageMs < this.#options.ttlMs ? 'active' : 'stale';
  }
}

function mergedHint(before: BeaconHint, hint: BeaconHint): BeaconHint {
  const said = Object.entries(hint).filter(([, value]) => saysSomething(value));
  return { ...before, ...Object.fromEntries(said), receivedAtMs: hint.receivedAtMs };
}

/** Returns `false` for an empty text, list or map, and for 0. */
function saysSomething(value: BeaconHint[keyof BeaconHint]): boolean {
  if (typeof value === 'object') return Object.keys(value).length > 0;
  return value !== '' && value !== 0;
}
