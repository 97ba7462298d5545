/** Counts of received messages. Each message counts in one of the first six; the others are additional. */
export interface IngestCounts {
  /** States delivered to the listener. */
  readonly accepted: number;
  /** Accepted declarations, including repetitions. */
  readonly declarations: number;
  /** Messages of wrong length, or authentic messages with invalid content. */
  readonly malformed: number;
  /** Messages with a wrong authentication code. */
  readonly forged: number;
  /** Messages not after the last one: late, duplicated or replayed. */
  readonly repeated: number;
  /** States of a session or revision whose declaration was not received. */
  readonly undeclared: number;
  /** Messages missing in the sequence, and the number of gaps. */
  readonly lost: number;
  readonly gaps: number;
  /** Sessions started. */
  readonly sessions: number;
  /** Listener calls that threw. */
  readonly failures: number;
}

/** The counts in mutable form. */
export type MutableCounts = { -readonly [K in keyof IngestCounts]: number };

/** Returns counts of zero. */
export const zeroCounts = (): MutableCounts => ({
  accepted: 0,
  declarations: 0,
  malformed: 0,
  forged: 0,
  repeated: 0,
  undeclared: 0,
  lost: 0,
  gaps: 0,
  sessions: 0,
  failures: 0,
});
