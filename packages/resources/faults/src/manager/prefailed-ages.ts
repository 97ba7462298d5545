import type { Fault } from '@medkit/core';
import type { Clock } from '@medkit/edges';

interface Seen {
  readonly lastOccurredNs: bigint;
  /** Monotonic milliseconds of its last FAILED report. */
  readonly sinceMs: number;
}

/**
 * Ages of the last FAILED reports of PREFAILED faults. The wall clock, which may be set, counts only for the time
 * before the first check, because the monotonic clock does not span a restart.
 */
export class PrefailedAges {
  readonly #clock: Clock;
  /** By code; only the faults of the last check. */
  #seen: ReadonlyMap<string, Seen> = new Map();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Returns each PREFAILED fault with its age in nanoseconds. A report since the last check restarts the age. */
  look(faults: Iterable<Fault>): ReadonlyMap<Fault, bigint> {
    const nowMs = this.#clock.monotonicMs();
    const seen = new Map<string, Seen>();
    const ages = new Map<Fault, bigint>();
    for (const fault of faults) {
      if (fault.status !== 'PREFAILED') continue;
      const before = this.#seen.get(fault.code);
      const known = before?.lastOccurredNs === fault.lastOccurredNs ? before : this.#firstSeen(fault, nowMs);
      seen.set(fault.code, known);
      ages.set(fault, BigInt(Math.round((nowMs - known.sinceMs) * 1e6)));
    }
    this.#seen = seen;
    return ages;
  }

  #firstSeen({ lastOccurredNs }: Fault, nowMs: number): Seen {
    const ageMs = Math.max(0, Number(this.#clock.wallNs() - lastOccurredNs) / 1e6);
    return { lastOccurredNs, sinceMs: nowMs - ageMs };
  }
}
