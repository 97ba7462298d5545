import type { FaultReporter } from '@medkit/core';

/** A line that somebody logged. */
export interface LogLine {
  /** When it was logged, or where that is told by another clock than ours, when it arrived; nanoseconds since the epoch. */
  readonly atNs: bigint;
  /** `debug`, `info`, `warning`, `error` or `fatal`. */
  readonly severity: string;
  readonly logger: string;
  readonly message: string;
}

/** Whose lines are of interest. */
export interface LogScope {
  /** Who reported a fault: what they say counts, and what their neighbours say. */
  readonly sources: readonly string[];
  /** The addresses of those of them of whom they are known. */
  readonly reporters: readonly FaultReporter[];
  /** Topics that are captured with it: whoever publishes them has a part in it. */
  readonly topics: readonly string[];
}

/** Where the lines come from that are kept with faults. */
export interface LogSource {
  /** Lines of this time that are at hand, in any order. Never waits. */
  between(scope: LogScope, fromNs: bigint, toNs: bigint): readonly LogLine[];
}
