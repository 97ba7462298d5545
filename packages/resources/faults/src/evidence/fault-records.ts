import type { Fault, FaultRecord, FreezeFrame } from '@medkit/core';

/** How a runtime records the faults that it reports, where it has a form of its own for that. */
export interface FaultRecords {
  /** Whether it records this fault. */
  has(fault: Fault): boolean;
  /** The record at this moment. `frames` are those that are kept of the fault, the newest first. */
  of(fault: Fault, frames: readonly FreezeFrame[]): FaultRecord;
}
