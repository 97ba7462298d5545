import type { FaultOutcome, RecordedOccurrence, ReplayedOccurrence } from '@medkit/faults/replay';

/** An occurrence that the replay with unchanged rules does not reproduce. */
export interface Deviation {
  readonly code: string;
  readonly number: number;
  /** What the gateway stored; `undefined` if it stored no such occurrence. */
  readonly recorded: RecordedOccurrence | undefined;
  /** What the replay computed; `undefined` if it has no such occurrence. */
  readonly replayed: ReplayedOccurrence | undefined;
}

/** Tolerance of times: the record has whole microseconds. */
const SAME_NS = 1_000_000n;
/** Tolerance if a timer that runs every second confirms faults by their age. */
const SAME_TICK_NS = 2_000_000_000n;

/**
 * Compares the replay with the rules of the gateway with the occurrences that the gateway stored. A deviation means
 * that the gateway used other rules at that time, or that something happened that the record does not contain.
 */
export function compareWithRecord(
  { occurrences }: Pick<FaultOutcome, 'occurrences'>,
  recorded: readonly RecordedOccurrence[],
  { confirmsByAge }: { readonly confirmsByAge: boolean },
): readonly Deviation[] {
  const stored = Map.groupBy(recorded, ({ faultCode }) => faultCode);
  const tolerance = confirmsByAge ? SAME_TICK_NS : SAME_NS;
  const isSame = (one: bigint, other: bigint): boolean =>
    (one === 0n) === (other === 0n) && one - other < tolerance && other - one < tolerance;
  return [...Map.groupBy(occurrences, ({ code }) => code)].flatMap(([code, ones]) => {
    const others = new Map((stored.get(code) ?? []).map((each) => [each.number, each]));
    // The gateway stores the last hundred occurrences of a fault.
    const first = Math.min(...others.keys());
    const found: Deviation[] = [];
    for (const replayed of ones.filter(({ number }) => number >= first || others.size === 0)) {
      const other = others.get(replayed.number);
      others.delete(replayed.number);
      const isEqual =
        other !== undefined &&
        isSame(other.startedNs, replayed.startedNs) &&
        isSame(other.confirmedAtNs, replayed.confirmedAtNs) &&
        isSame(other.endedNs, replayed.endedNs) &&
        other.endedAs === replayed.endedAs;
      if (!isEqual) found.push({ code, number: replayed.number, recorded: other, replayed });
    }
    const begin = Math.min(...ones.map(({ number }) => number));
    for (const [number, other] of others) {
      if (number > begin) found.push({ code, number, recorded: other, replayed: undefined });
    }
    return found;
  });
}
