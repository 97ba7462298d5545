import type { JsonValue } from '@medkit/core';
import type { MappedFault } from '../node-map/fault-rule.ts';

/** Start or end of a fault. */
export interface FaultEdge {
  readonly fault: MappedFault;
  readonly kind: 'raise' | 'clear';
}

/** Detects faults in the values of one node and stores which are active. */
export interface FaultDetector {
  /** Returns what a new value changes. An unusable value, such as NaN, changes nothing. */
  observe(value: JsonValue): readonly FaultEdge[];
  /** The active faults. */
  readonly active: readonly MappedFault[];
}

/** Shared result of values without a change. */
export const NO_EDGES: readonly FaultEdge[] = Object.freeze([]);
