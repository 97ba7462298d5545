import type { JsonValue } from '@medkit/core';
import type { ThresholdRule } from '../node-map/fault-rule.ts';
import { type FaultDetector, NO_EDGES } from './fault-edges.ts';

/**
 * Whether a value is beyond its threshold; undefined where that cannot be said: a text, an array, or a number that is none or has no
 * end, as a sensor that is not connected gives.
 */
export function isBeyond(value: JsonValue, { threshold, above }: ThresholdRule): boolean | undefined {
  if (typeof value === 'boolean') return value === above;
  if (typeof value === 'string' || typeof value === 'object' || (typeof value === 'number' && !Number.isFinite(value)))
    return undefined;
  // Also right for a whole number that a JavaScript number cannot hold.
  return above ? value > threshold : value < threshold;
}

/** One fault while a value is beyond its threshold. */
export function thresholdDetector(rule: ThresholdRule): FaultDetector {
  let isActive = false;
  return {
    observe(value) {
      const isNow = isBeyond(value, rule);
      if (isNow === undefined || isNow === isActive) return NO_EDGES;
      isActive = isNow;
      return [{ fault: rule.fault, kind: isNow ? 'raise' : 'clear' }];
    },
    get active() {
      return isActive ? [rule.fault] : [];
    },
  };
}
