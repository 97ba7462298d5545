import type { FaultReporter } from '@medkit/core';

/** A log line. */
export interface LogLine {
  /** Time of logging, or of arrival if the line has the time of another clock; nanoseconds since the epoch. */
  readonly atNs: bigint;
  /** `debug`, `info`, `warning`, `error` or `fatal`. */
  readonly severity: string;
  readonly logger: string;
  readonly message: string;
}

/** The lines to include. */
export interface LogScope {
  /** The reporters of a fault: their lines and those of related nodes count. */
  readonly sources: readonly string[];
  /** The known addresses of these sources. */
  readonly reporters: readonly FaultReporter[];
  /** Topics captured with the fault: their publishers are related. */
  readonly topics: readonly string[];
}

/** A source of log lines for faults. */
export interface LogSource {
  /** Returns the buffered lines of a time range, in any order. Synchronous. */
  between(scope: LogScope, fromNs: bigint, toNs: bigint): readonly LogLine[];
}
