/**
 * Status of a fault. PREFAILED and PREPASSED: on the way to being confirmed or healed. CONFIRMED: active until it heals
 * or is cleared. HEALED: ended by itself. CLEARED: cleared by a client or by medkit itself.
 */
export const FAULT_STATUSES = ['PREFAILED', 'PREPASSED', 'CONFIRMED', 'HEALED', 'CLEARED'] as const;
export type FaultStatus = (typeof FAULT_STATUSES)[number];

/** Returns whether the text is one of the five statuses. */
export function isFaultStatus(word: string): word is FaultStatus {
  return (FAULT_STATUSES as readonly string[]).includes(word);
}

/** INFO, WARN, ERROR, CRITICAL, with the numbers of the fault messages. */
export type FaultSeverity = 0 | 1 | 2 | 3;

/** A reporter of a fault: the runtime, and the name of the reporter in `sources`. */
export interface FaultReporter {
  readonly runtime: string;
  readonly source: string;
}

/** A condition that raised a fault, and whether it still holds. */
export interface FaultCondition {
  /** As in `ReportedCondition`. */
  readonly key: string;
  readonly failing: boolean;
  /** The source that reported it as failed. Absent in faults of earlier releases. */
  readonly source?: string;
}

/** The latest report of a source in the present occurrence, of reports that name no condition. */
export interface SourceResult {
  readonly source: string;
  readonly runtime?: string;
  readonly failing: boolean;
}

/** Everything known about one fault code. Times are wall clock, nanoseconds since the Unix epoch. */
export interface Fault {
  readonly code: string;
  readonly severity: FaultSeverity;
  /**
   * The first non-empty text reported for the current occurrence, which names the cause. Later texts do not replace it.
   */
  readonly description: string;
  /** The text of the last FAILED report, if it differs from `description`. */
  readonly latestDescription?: string;
  readonly status: FaultStatus;
  /** The debounce counter. Negative values lead to confirmation, positive values to healing. */
  readonly counter: number;
  /**
   * Number of occurrences. Counts the first report, a new report after a clear, and a new confirmation after healing.
   */
  readonly occurrenceCount: number;
  /** Reporters of the failure: the full name of a node, or the plain id of a reporter that is not a node. */
  readonly sources: readonly string[];
  /** Addresses of those `sources` whose runtime is known. The others are known by name only. */
  readonly reporters?: readonly FaultReporter[];
  /** The conditions that raised the fault, from reports that name one. */
  readonly conditions?: readonly FaultCondition[];
  /**
   * The latest report of each source that reported the current occurrence as failed. Absent in faults of earlier
   * releases.
   */
  readonly sourceResults?: readonly SourceResult[];
  /** Start of the current occurrence. */
  readonly firstOccurredNs: bigint;
  /** Time of the last FAILED report. */
  readonly lastOccurredNs: bigint;
  /** Time of the last PASSED report; zero if there was none. */
  readonly lastPassedNs: bigint;
  /** When the current occurrence was confirmed; zero if it was not, or if the time is unknown. */
  readonly confirmedAtNs: bigint;
  /** When the current occurrence healed; zero if it did not, or if the time is unknown. */
  readonly healedAtNs: bigint;
  /** When the current occurrence was cleared; zero if it was not, or if the time is unknown. */
  readonly clearedAtNs: bigint;
  /**
   * Who cleared the fault: `clear_service:<client>`, or the name of a part of medkit. Empty if it was not cleared, or
   * if that is unknown.
   */
  readonly clearedBy: string;
}

/** One occurrence of a fault. Times are wall clock, zero for events that did not happen or whose time is unknown. */
export interface FaultOccurrence {
  /** 1 for the first occurrence of the code. */
  readonly number: number;
  readonly startedNs: bigint;
  readonly confirmedAtNs: bigint;
  readonly healedAtNs: bigint;
  readonly clearedAtNs: bigint;
  /** Who cleared it; empty if it was not cleared. */
  readonly clearedBy: string;
  /** What is missing from its evidence, and why; empty if nothing is missing. */
  readonly missing: string;
}

/** The thresholds that confirm and heal a fault reported by `source`. */
export interface FaultThresholds {
  readonly source: string;
  /** The counter value at or below which the fault is confirmed. */
  readonly confirmationThreshold: number;
  readonly healingEnabled: boolean;
  /** The counter value at or above which the fault heals. */
  readonly healingThreshold: number;
  /** Prefix of the override that the thresholds come from. Absent if the defaults apply. */
  readonly override?: string;
}

/** A fault that is a symptom of another fault. */
export interface FaultSymptom {
  readonly faultCode: string;
  readonly rootCauseCode: string;
  readonly ruleId: string;
  /** Time from the root cause to the symptom. */
  readonly delayMs: number;
}

/** Several faults that belong to one event. */
export interface FaultCluster {
  readonly id: string;
  readonly ruleId: string;
  readonly ruleName: string;
  /** The fault that represents the cluster. */
  readonly representativeCode: string;
  readonly representativeSeverity: FaultSeverity;
  readonly faultCodes: readonly string[];
  /** Wall-clock times at which the first and the last member occurred. */
  readonly firstAtNs: bigint;
  readonly lastAtNs: bigint;
}
