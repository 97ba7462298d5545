import type { DebounceStep } from '../debounce/step-fault.ts';

/** One occurrence of a fault. Times are wall clock, nanoseconds since the Unix epoch. */
export interface Occurrence {
  readonly faultCode: string;
  /** 1 for the first of the code. */
  readonly number: number;
  readonly startedNs: bigint;
  /** When it was confirmed; zero if it never was. */
  readonly confirmedAtNs: bigint;
  /** When it ended; zero while it is active. */
  readonly endedNs: bigint;
  readonly endedAs: 'HEALED' | 'CLEARED' | '';
  /** When it healed; zero if it did not. It may have been cleared since. */
  readonly healedAtNs: bigint;
  /** Source of the clear; empty if it was not cleared. */
  readonly clearedBy: string;
  /** Missing evidence and the reason; empty if it is complete. */
  readonly missing: string;
}

/** Maximum stored occurrences of each code; beyond it the oldest are removed. */
export const MAX_OCCURRENCES_PER_FAULT = 100;

/** Returns the occurrence after a step, without `missing`; `undefined` if the step did not change it. */
export function occurrenceOf(
  { fault, newOccurrence, reached }: DebounceStep,
  nowNs: bigint,
): Omit<Occurrence, 'missing'> | undefined {
  if (fault === undefined || (!newOccurrence && reached === undefined)) return undefined;
  const ended = reached === 'HEALED' || reached === 'CLEARED';
  return {
    faultCode: fault.code,
    number: fault.occurrenceCount,
    startedNs: fault.firstOccurredNs,
    confirmedAtNs: fault.confirmedAtNs,
    endedNs: ended ? nowNs : 0n,
    endedAs: ended ? reached : '',
    healedAtNs: fault.healedAtNs,
    clearedBy: fault.clearedBy,
  };
}
