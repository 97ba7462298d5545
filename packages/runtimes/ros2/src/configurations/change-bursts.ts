import type { ExternalConfigurationChange } from '@medkit/core';
import { type Clock, OwnedMap, type QuotaFigures, type Timer } from '@medkit/edges';

/**
 * Delay before further changes of a parameter are reported. Doubles, up to the maximum, as long as the parameter keeps
 * changing.
 */
const FIRST_WAIT_MS = 10_000;
const MAX_WAIT_MS = 600_000;
/** Interval at which due reports are sent. */
const LOOK_MS = 5000;
/**
 * Maximum parameters whose changes are reported individually; one node has at most half of the free places. Further
 * changes are only counted.
 */
export const MAX_BURSTS = 512;

/** A change of a parameter, as received. */
export type ParameterChange = Pick<ExternalConfigurationChange, 'nativeId' | 'from' | 'to'> & { readonly name: string };

interface Burst {
  readonly nativeId: string;
  readonly name: string | undefined;
  from: string | undefined;
  to: string | undefined;
  count: number;
  firstNs: bigint;
  lastNs: bigint;
  waitMs: number;
  dueMs: number;
}

/**
 * Limits reports of parameter changes. Reports the first change immediately. If the parameter keeps changing,
 * periodically reports the old value, the new value and the number of changes.
 */
export class ChangeBursts {
  readonly #clock: Clock;
  readonly #report: (change: ExternalConfigurationChange) => void;
  readonly #bursts = new OwnedMap<string, Burst>(MAX_BURSTS, ({ nativeId }) => nativeId);
  #looks: Timer | undefined;

  constructor(clock: Clock, report: (change: ExternalConfigurationChange) => void) {
    this.#clock = clock;
    this.#report = report;
  }

  add({ nativeId, name, from, to }: ParameterChange): void {
    const atNs = this.#clock.wallNs();
    const known = this.#bursts.get(`${nativeId} ${name}`);
    if (known) {
      count(known, { from, to }, atNs);
    } else if (this.#bursts.quota.admits(nativeId)) {
      this.#open(`${nativeId} ${name}`, { nativeId, name, from, to, count: 1, firstNs: atNs, lastNs: atNs });
    } else {
      this.#bursts.quota.refuse();
      const crowd = this.#bursts.get(nativeId);
      const unknownValues = { from: undefined, to: undefined };
      if (crowd) count(crowd, unknownValues, atNs);
      else this.#open(nativeId, { nativeId, name: undefined, ...unknownValues, count: 1, firstNs: atNs, lastNs: atNs });
    }
  }

  /** Counts of the individually reported changes, by node. */
  figures(): QuotaFigures {
    return this.#bursts.quota.figures();
  }

  /** Discards changes that are not reported yet. */
  close(): void {
    this.#looks?.cancel();
    this.#bursts.clear();
  }

  #open(key: string, change: Omit<Burst, 'waitMs' | 'dueMs'>): void {
    this.#report(seenOf(change));
    const dueMs = this.#clock.monotonicMs() + FIRST_WAIT_MS;
    this.#bursts.set(key, { ...change, from: undefined, count: 0, waitMs: FIRST_WAIT_MS, dueMs });
    this.#looks ??= this.#clock.every(LOOK_MS, () => this.#look());
  }

  #look(): void {
    const nowMs = this.#clock.monotonicMs();
    for (const [key, burst] of this.#bursts) {
      if (burst.dueMs > nowMs) continue;
      if (burst.count === 0) {
        this.#bursts.delete(key);
        continue;
      }
      this.#report(seenOf(burst));
      burst.count = 0;
      burst.waitMs = Math.min(2 * burst.waitMs, MAX_WAIT_MS);
      burst.dueMs = nowMs + burst.waitMs;
    }
    if (this.#bursts.size > 0) return;
    this.#looks?.cancel();
    this.#looks = undefined;
  }
}

function count(burst: Burst, { from, to }: Pick<Burst, 'from' | 'to'>, atNs: bigint): void {
  if (burst.count === 0) {
    burst.from = from;
    burst.firstNs = atNs;
  }
  burst.count++;
  burst.to = to;
  burst.lastNs = atNs;
}

function seenOf({
  nativeId,
  name,
  from,
  to,
  count,
  firstNs,
  lastNs,
}: Omit<Burst, 'waitMs' | 'dueMs'>): ExternalConfigurationChange {
  return {
    nativeId,
    ...(name !== undefined && { name }),
    ...(from !== undefined && { from }),
    ...(to !== undefined && { to }),
    count,
    firstNs,
    lastNs,
  };
}
