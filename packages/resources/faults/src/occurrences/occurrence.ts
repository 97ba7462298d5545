import type { DebounceStep } from '../debounce/step-fault.ts';

/** One coming and going of a fault. Times are wall clock, nanoseconds since the Unix epoch. */
export interface Occurrence {
  readonly faultCode: string;
  /** 1 for the first of the code. */
  readonly number: number;
  readonly startedNs: bigint;
  /** When it was confirmed; zero if it never was. */
  readonly confirmedAtNs: bigint;
  /** When it ended; zero while it goes on. */
  readonly endedNs: bigint;
  readonly endedAs: 'HEALED' | 'CLEARED' | '';
  /** When it healed; zero if it did not. It may have been cleared since. */
  readonly healedAtNs: bigint;
  /** Who cleared it; empty if nobody did. */
  readonly clearedBy: string;
  /** What is not among its evidence, and why; empty where nothing is missed. */
  readonly missing: string;
}

/** Occurrences kept of each code; the oldest go. */
export const MAX_OCCURRENCES_PER_FAULT = 100;

/** The occurrence as a step left it, but for what is missing; `undefined` where the step changed nothing of it. */
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
