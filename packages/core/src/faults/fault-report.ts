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
}
