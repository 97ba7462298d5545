/**
 * Where a fault stands. PREFAILED and PREPASSED are on the way to being confirmed or healed; CONFIRMED stays until it
 * heals or is cleared; HEALED went away by itself; CLEARED was put away by somebody.
 */
export const FAULT_STATUSES = ['PREFAILED', 'PREPASSED', 'CONFIRMED', 'HEALED', 'CLEARED'] as const;
export type FaultStatus = (typeof FAULT_STATUSES)[number];

/** True for one of the five words. */
export function isFaultStatus(word: string): word is FaultStatus {
  return (FAULT_STATUSES as readonly string[]).includes(word);
}

/** INFO, WARN, ERROR, CRITICAL, as messages of faults count them. */
export type FaultSeverity = 0 | 1 | 2 | 3;

/** Who reported a fault: the runtime, and the name among `sources` that it has there. */
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

/** All that is known of one fault code. Times are wall clock, nanoseconds since the Unix epoch. */
export interface Fault {
  readonly code: string;
  readonly severity: FaultSeverity;
  /** The text of the first report of the present occurrence that has one: the cause. Later texts do not replace it. */
  readonly description: string;
  /** The text of the last FAILED report, if it differs from `description`. */
  readonly latestDescription?: string;
  readonly status: FaultStatus;
  /** The debounce counter: below zero towards confirmed, above zero towards healed. */
  readonly counter: number;
  /** How often it came: for the first time, after it was cleared, and confirmed again after it had healed. */
  readonly occurrenceCount: number;
  /** Who reported it failed: the full name of a node, or the bare id of something that is none. */
  readonly sources: readonly string[];
  /** The addresses of those of `sources` of whom they are known; the others are known by name alone. */
  readonly reporters?: readonly FaultReporter[];
  /** The conditions that raised it, of reports that name one. */
  readonly conditions?: readonly FaultCondition[];
  /** The latest report of each source that reported the present occurrence as failed. Absent in faults of earlier releases. */
  readonly sourceResults?: readonly SourceResult[];
  /** Start of the present occurrence. */
  readonly firstOccurredNs: bigint;
  /** The last time it was reported failed. */
  readonly lastOccurredNs: bigint;
  /** The last time it was reported passed; zero if it never was. */
  readonly lastPassedNs: bigint;
  /** When the present occurrence was confirmed; zero if it was not, or where that is not known. */
  readonly confirmedAtNs: bigint;
  /** When the present occurrence healed; zero if it did not, or where that is not known. */
  readonly healedAtNs: bigint;
  /** When the present occurrence was cleared; zero if it was not, or where that is not known. */
  readonly clearedAtNs: bigint;
  /** Who cleared it: `clear_service:<client>`, or what of medkit did; empty where nobody did, or that is not known. */
  readonly clearedBy: string;
}

/** One coming and going of a fault. Times are wall clock, zero for what has not happened, or is not known. */
export interface FaultOccurrence {
  /** 1 for the first of the code. */
  readonly number: number;
  readonly startedNs: bigint;
  readonly confirmedAtNs: bigint;
  readonly healedAtNs: bigint;
  readonly clearedAtNs: bigint;
  /** Who cleared it; empty if nobody did. */
  readonly clearedBy: string;
  /** What is not among its evidence, and why; empty where nothing is missed. */
  readonly missing: string;
}

/** What confirms and heals a fault, where `source` reports it. */
export interface FaultThresholds {
  readonly source: string;
  /** At or below it the counter confirms. */
  readonly confirmationThreshold: number;
  readonly healingEnabled: boolean;
  /** At or above it the counter heals. */
  readonly healingThreshold: number;
  /** The prefix of the source whose override gave these; absent where those for everybody hold. */
  readonly override?: string;
}

/** Another fault explains this one. */
export interface FaultSymptom {
  readonly faultCode: string;
  readonly rootCauseCode: string;
  readonly ruleId: string;
  /** Time from the root cause to the symptom. */
  readonly delayMs: number;
}

/** Several faults that are one event. */
export interface FaultCluster {
  readonly id: string;
  readonly ruleId: string;
  readonly ruleName: string;
  /** The member that speaks for all. */
  readonly representativeCode: string;
  readonly representativeSeverity: FaultSeverity;
  readonly faultCodes: readonly string[];
  /** When its first and its last member came, wall clock. */
  readonly firstAtNs: bigint;
  readonly lastAtNs: bigint;
}
