import type { FaultSeverity } from '@medkit/core';

/** How bad a fault is, as its reporter says: the figures of `ros2_medkit_msgs/msg/Fault`. */
export const SEVERITY = { INFO: 0, WARN: 1, ERROR: 2, CRITICAL: 3 } as const;

/** True for one of the four figures. */
export function isSeverity(figure: number): figure is FaultSeverity {
  return Number.isInteger(figure) && figure >= SEVERITY.INFO && figure <= SEVERITY.CRITICAL;
}

/** The worse of two. */
export function worse(a: FaultSeverity, b: FaultSeverity): FaultSeverity {
  return a > b ? a : b;
}
