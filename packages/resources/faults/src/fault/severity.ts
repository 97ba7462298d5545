import type { FaultSeverity } from '@medkit/core';

/** Severities as defined by `ros2_medkit_msgs/msg/Fault`. */
export const SEVERITY = { INFO: 0, WARN: 1, ERROR: 2, CRITICAL: 3 } as const;

/** Returns whether a number is a severity. */
export function isSeverity(figure: number): figure is FaultSeverity {
  return Number.isInteger(figure) && figure >= SEVERITY.INFO && figure <= SEVERITY.CRITICAL;
}

/** Returns the higher severity. */
export function worse(a: FaultSeverity, b: FaultSeverity): FaultSeverity {
  return a > b ? a : b;
}
