/** How bad a fault is, as its reporter says: the figures of `ros2_medkit_msgs/msg/Fault`. */
export const SEVERITY = { INFO: 0, WARN: 1, ERROR: 2, CRITICAL: 3 } as const;

export type Severity = (typeof SEVERITY)[keyof typeof SEVERITY];

/** True for one of the four figures. */
export function isSeverity(figure: number): figure is Severity {
  return Number.isInteger(figure) && figure >= SEVERITY.INFO && figure <= SEVERITY.CRITICAL;
}

/** The worse of two. */
export function worse(a: Severity, b: Severity): Severity {
  return a > b ? a : b;
}
