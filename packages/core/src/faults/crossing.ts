import type { FaultTriggerOperator } from '@medkit/contract';

/** The condition of a fault rule: a value beyond a threshold. */
export interface Threshold {
  readonly operator: FaultTriggerOperator;
  readonly threshold: number;
}

/** Tolerance for equality: values this close to a threshold equal it. */
const EQUAL_WITHIN = 1e-9;

/** Returns whether a value is beyond the threshold of a rule. */
export function isCrossed({ operator, threshold }: Threshold, value: number): boolean {
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
