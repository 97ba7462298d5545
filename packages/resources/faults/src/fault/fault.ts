import type { FaultStatus } from './fault-status.ts';
import type { Severity } from './severity.ts';

/** All that is known of one fault code. Times are wall clock, nanoseconds since the Unix epoch. */
export interface Fault {
  readonly code: string;
  /** The worst that was ever reported for the code; it never goes down, not even for a new occurrence. */
  readonly severity: Severity;
  /** The last text that a FAILED report gave. */
  readonly description: string;
  readonly status: FaultStatus;
  /** The debounce counter: below zero towards confirmed, above zero towards healed. */
  readonly counter: number;
  /**
   * How often the fault came: for the first time, after it was cleared, and confirmed again after it had healed. Reports that
   * repeat one occurrence do not count.
   */
  readonly occurrenceCount: number;
  /** Who reported it FAILED, sorted, each once. */
  readonly sources: readonly string[];
  /** Start of the present occurrence. */
  readonly firstOccurredNs: bigint;
  /** The last FAILED report. */
  readonly lastOccurredNs: bigint;
  /** The last PASSED report; zero if there was none. */
  readonly lastPassedNs: bigint;
  /** When the present occurrence was confirmed; zero if it was not. */
  readonly confirmedAtNs: bigint;
  /** When the present occurrence healed; zero if it did not. */
  readonly healedAtNs: bigint;
  /** When the present occurrence was cleared; zero if it was not. */
  readonly clearedAtNs: bigint;
  /** Who cleared it, as the audit log names it; empty if nobody did. */
  readonly clearedBy: string;
}

/** As the wire type has it: `uint32`. */
export const MAX_OCCURRENCE_COUNT = 2 ** 32 - 1;
