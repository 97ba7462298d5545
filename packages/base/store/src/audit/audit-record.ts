/** What is written down for good: a change of a fault, one that a client asked for, or who was not let in. */
export interface AuditRecord {
  /** When, nanoseconds since the Unix epoch. */
  readonly occurredAtNs: bigint;
  /** Of a record that is about no fault a name between underscores. */
  readonly faultCode: string;
  /**
   * What happened: `occurred`, `confirmed`, `healed`, `cleared`, `logging_activated`, `logging_deactivated`,
   * `request`, `access`.
   */
  readonly transition: string;
  readonly severity: number;
  readonly status: string;
  /** Who reported, or which part of medkit did it. */
  readonly sourceId: string;
  readonly description: string;
}

/** What a walk through the audit log found. */
export interface AuditVerdict {
  readonly intact: boolean;
  /** Records that were looked at. */
  readonly checked: number;
  /** The first record that is not as it was written; with `problem` saying what is wrong. */
  readonly badSeq?: number;
  readonly problem?: string;
}
