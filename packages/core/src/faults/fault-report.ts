/** A report about a fault: its condition holds (FAILED), or it does not (PASSED). */
export interface FaultReport {
  readonly code: string;
  readonly event: 'FAILED' | 'PASSED';
  /** 0 to 3; ignored if the event is PASSED. */
  readonly severity: number;
  readonly description: string;
  /** The reporter: the full name of a node, or the plain id of a reporter that is not a node. */
  readonly source: string;
  /** The runtime that knows `source` by this name. If absent, the reporter is known by name only. */
  readonly runtime?: string;
  /** The condition that the report is about. If absent, the source is the condition. */
  readonly condition?: ReportedCondition;
}

/** Identity of a condition, for reporters that report several conditions or make fault codes from names. */
export interface ReportedCondition {
  /** The same text in every report about this condition, and in no report about another one. */
  readonly key: string;
  /**
   * Fault code to use if another condition already has `code`. Absent: conditions share `code`, and the fault heals once
   * every condition that raised it has passed.
   */
  readonly otherCode?: string;
  /** Sources that reported this condition in releases that stored no key. */
  readonly formerSources?: readonly string[];
}
