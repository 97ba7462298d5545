/** What a reporter says of a fault: that its condition holds, or that it does not. */
export interface FaultReport {
  readonly code: string;
  readonly event: 'FAILED' | 'PASSED';
  /** 0 to 3; not looked at where the event is PASSED. */
  readonly severity: number;
  readonly description: string;
  /** Who reports: the full name of a node, or the bare id of something that is none. */
  readonly source: string;
  /** The runtime that knows `source` by this name; without it, who reports is known by name alone. */
  readonly runtime?: string;
  /** What the report is about. Absent: the source is the condition. */
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
