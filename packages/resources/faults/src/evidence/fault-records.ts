import type { Fault, FaultRecord, FreezeFrame } from '@medkit/core';

/** The record form of a runtime that has its own form for faults. */
export interface FaultRecords {
  /** Returns whether it records this fault. */
  has(fault: Fault): boolean;
  /** Returns the current record. `frames` are the stored frames of the fault, newest first. */
  of(fault: Fault, frames: readonly FreezeFrame[]): FaultRecord;
}
