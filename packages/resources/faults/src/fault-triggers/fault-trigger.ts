import type { FaultTriggerOperator, FaultTriggerSeverity } from '@medkit/contract';

/** A rule that reports a fault while a value is beyond a threshold. */
export interface FaultTriggerRule {
  /** The app that has the data and that the fault belongs to. */
  readonly appId: string;
  readonly dataName: string;
  /** JSON Pointer to the number in the value; empty for the primary number of the value. */
  readonly path: string;
  readonly operator: FaultTriggerOperator;
  readonly threshold: number;
  readonly faultCode: string;
  readonly severity: FaultTriggerSeverity;
  /** Whether the rule is watched. */
  readonly active: boolean;
}

/** A stored rule. */
export interface FaultTrigger extends FaultTriggerRule {
  /** Unique; not reused after a rule is deleted. */
  readonly number: number;
  /** Whether the rule's fault is being reported. */
  readonly crossed: boolean;
}

/**
 * Returns the condition of a rule as text: `/cmd_vel/linear/x > 1.2`. It does not include the value, so that the fault
 * text stays constant.
 */
export function conditionText({ dataName, path, operator, threshold }: FaultTriggerRule): string {
  return `${dataName}${path} ${operator} ${threshold}`;
}
