import type { Fault } from '@medkit/core';
import type { Clock } from '@medkit/edges';

interface Seen {
  readonly lastOccurredNs: bigint;
  /** When its last FAILED report was, monotonic. */
  readonly sinceMs: number;
}

/**
 * How old the last FAILED reports of PREFAILED faults are. The wall clock, which may be set in between, counts for the time
 * before the first look alone: nothing else reaches back behind a restart.
 */
export class PrefailedAges {
  readonly #clock: Clock;
  /** By code; only those of the last look. */
  #seen: ReadonlyMap<string, Seen> = new Map();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Gives each fault that is PREFAILED with its age in nanoseconds. What was reported since the last look is new. */
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
