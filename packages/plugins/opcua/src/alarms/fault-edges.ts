import type { JsonValue } from '@medkit/core';
import type { MappedFault } from '../node-map/fault-rule.ts';

/** A fault that began, or is over. */
export interface FaultEdge {
  readonly fault: MappedFault;
  readonly kind: 'raise' | 'clear';
}

/** Finds the faults in the values of one node, and remembers which ones there are. */
export interface FaultDetector {
  /** What another value changed. One that nothing follows from, as NaN, changes nothing. */
  observe(value: JsonValue): readonly FaultEdge[];
  /** The faults that there are now. */
  readonly active: readonly MappedFault[];
}

/** What most values change. */
export const NO_EDGES: readonly FaultEdge[] = Object.freeze([]);
