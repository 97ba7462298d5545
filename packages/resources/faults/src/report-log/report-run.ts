import type { Fault, FaultSeverity } from '@medkit/core';

/** An event of a fault that the manager processed, without its time. */
export type RecordedEvent =
  | {
      readonly kind: 'failed' | 'passed';
      readonly code: string;
      readonly source: string;
      readonly runtime?: string;
      /** Key of the condition that the report concerns. */
      readonly condition?: string;
      /** Only of a failed report. */
      readonly severity?: FaultSeverity;
    }
  /** A client cleared the fault, with its symptoms if `cascade`. */
  | { readonly kind: 'clear'; readonly code: string; readonly source: string; readonly cascade: boolean }
  /** The fault manager started; it forgets its correlation then. */
  | { readonly kind: 'start'; readonly code: ''; readonly source: '' };

/** Identical events of one fault with no other event of that fault between them. One row of the report log. */
export interface ReportRun {
  /** Ascends in the order in which runs began. */
  readonly id: number;
  /** Grows when the manager starts and when the wall clock is set back: times ascend only within a segment. */
  readonly segment: number;
  readonly event: RecordedEvent;
  readonly startNs: bigint;
  /** Exact times of the first repetitions, see `appendTime`. */
  readonly times: Uint8Array;
  /** Number of further repetitions, evenly spaced between the last exact time and `untilNs`. */
  readonly more: number;
  readonly untilNs: bigint;
  /** The fault before the run, if it was stored with the run; `null` if the fault did not exist. */
  readonly before?: Fault | null;
}

/** Maximum exact times of a run; the times of later repetitions are not recorded one by one. */
export const MAX_EXACT_REPETITIONS = 200;
/** Maximum runs per fault. Beyond it, the oldest are removed up to one with the state before it. */
export const MAX_RUNS_PER_FAULT = 200;
/** Maximum runs of all faults: about 40 MB. Beyond it, the oldest are removed. */
export const MAX_RUNS = 100_000;
/** Every this many runs of a fault, its state is stored with the run, so that older runs can be removed. */
export const RUNS_PER_STATE = 50;
