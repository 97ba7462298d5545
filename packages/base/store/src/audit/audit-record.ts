/** A permanent record: a change of a fault, a client's request, or a rejected access. */
export interface AuditRecord {
  /** Time in nanoseconds since the Unix epoch. */
  readonly occurredAtNs: bigint;
  /** For a record without a fault, a name between underscores. */
  readonly faultCode: string;
  /**
   * Event: `occurred`, `confirmed`, `healed`, `cleared`, `logging_activated`, `logging_deactivated`, `request`,
   * `access`.
   */
  readonly transition: string;
  readonly severity: number;
  readonly status: string;
  /** The reporter, or the part of medkit that acted. */
  readonly sourceId: string;
  readonly description: string;
}

/** Result of verifying the audit log. */
export interface AuditVerdict {
  readonly intact: boolean;
  /** Number of verified records. */
  readonly checked: number;
  /** The first record that differs from what was written; `problem` states the difference. */
  readonly badSeq?: number;
  readonly problem?: string;
}
