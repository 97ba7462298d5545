/**
 * What became of the messages that were received: each is in one of the first six. The others say more of them.
 */
export interface IngestCounts {
  /** States that the listener was told. */
  readonly accepted: number;
  /** Declarations that were taken, repetitions among them. */
  readonly declarations: number;
  /** Of a wrong length, or, though authentic, with content that makes no sense. */
  readonly malformed: number;
  /** Not from who has the key. */
  readonly forged: number;
  /** Not after the last: late, doubled or replayed. */
  readonly repeated: number;
  /** States of a session or revision that no declaration was heard of. */
  readonly undeclared: number;
  /** Messages that are missing in the sequence, and in how many places. */
  readonly lost: number;
  readonly gaps: number;
  /** Sessions that began. */
  readonly sessions: number;
  /** Calls of the listener that threw. */
  readonly failures: number;
}

/** Counts while they are counted. */
export type RunningCounts = { -readonly [K in keyof IngestCounts]: number };

/** Before anything was received. */
export const blankCounts = (): RunningCounts => ({
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
