import { isDeepStrictEqual } from 'node:util';
import { Quota } from '@medkit/edges';
import type { BeaconHint } from '../hint/beacon-hint.ts';
import type { HintLifetime } from './hint-lifetime.ts';

export type HintStatus = 'active' | 'stale';

/** A hint at one moment. */
export interface LiveHint {
  readonly hint: BeaconHint;
  readonly status: HintStatus;
  readonly ageMs: number;
}

/** All hints of one moment. */
export interface HintSnapshot {
  readonly hints: readonly LiveHint[];
  /** In how many milliseconds the first of them gets stale or expires; `undefined` where there are none. */
  readonly changesInMs: number | undefined;
}

/**
 * What became of a hint: `refreshed` where it says nothing new; `late` where it is older than what is known, or too old to
 * count; `full` where there is no room for another entity.
 */
export type HintOutcome = 'added' | 'changed' | 'refreshed' | 'late' | 'full';

export interface HintStoreOptions extends HintLifetime {
  readonly maxHints: number;
}

/** The last hint about each entity, as long as it counts. Reads no clock: every call is told the time. */
export class HintStore {
  readonly #options: HintStoreOptions;
  readonly #hints = new Map<string, BeaconHint>();
  /** Bounds the entities by the sources that first named them. */
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

  /** Takes a valid hint in. What it leaves empty keeps what was said before; its metadata replaces all that was there. */
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

  /** The hint about an entity; `undefined` where there is none, or none that counts any more. */
  get(entityId: string, nowMs: number): LiveHint | undefined {
    const hint = this.#hints.get(entityId);
    if (!hint) return undefined;
    const ageMs = Math.max(0, nowMs - hint.receivedAtMs);
    return ageMs < this.#options.expiryMs ? { hint, status: this.#statusAt(ageMs), ageMs } : undefined;
  }

  /** Forgets what has expired and gives the rest, in one step. */
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

/** False for an empty text, list or map, and for 0. */
function saysSomething(value: BeaconHint[keyof BeaconHint]): boolean {
  if (typeof value === 'object') return Object.keys(value).length > 0;
  return value !== '' && value !== 0;
}
