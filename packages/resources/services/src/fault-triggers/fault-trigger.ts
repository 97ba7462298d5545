import type { FaultTriggerOperator, FaultTriggerSeverity } from '@medkit/contract';

/** A rule that makes a fault of a value beyond a threshold. */
export interface FaultTriggerRule {
  /** The app whose data it watches, and that its fault belongs to. */
  readonly appId: string;
  readonly dataName: string;
  /** JSON Pointer to the number in the value; empty for the number that the value is about. */
  readonly path: string;
  readonly operator: FaultTriggerOperator;
  readonly threshold: number;
  readonly faultCode: string;
  readonly severity: FaultTriggerSeverity;
  /** Whether it is watched. */
  readonly active: boolean;
}

/** A rule as it is kept. */
export interface FaultTrigger extends FaultTriggerRule {
  /** Of no other rule, not even of one that is gone. */
  readonly number: number;
  /** Whether its fault is being reported. */
  readonly crossed: boolean;
}

/** Values as near as this to a threshold are equal to it. */
const EQUAL_WITHIN = 1e-9;

/** Whether a value is beyond the threshold of a rule. */
export function isCrossed({ operator, threshold }: FaultTriggerRule, value: number): boolean {
  switch (operator) {
    case '>':
      return value > threshold;
    case '<':
      return value < threshold;
    case '>=':
      return value >= threshold;
    case '<=':
      return value <= threshold;
    case '==':
      return Math.abs(value - threshold) <= EQUAL_WITHIN;
  }
}

/** What is wrong where a rule is crossed: `/cmd_vel/linear/x > 1.2`. The same every time, so that a fault does not flicker. */
export function conditionText({ dataName, path, operator, threshold }: FaultTriggerRule): string {
  return `${dataName}${path} ${operator} ${threshold}`;
}
