import type { JsonValue } from '@medkit/core';
import type { ThresholdRule } from '../node-map/fault-rule.ts';
import { type FaultDetector, NO_EDGES } from './fault-edges.ts';

/**
 * Returns whether a value is beyond its threshold. Returns `undefined` for a text, an array, and a number that is NaN
 * or infinite, as from a disconnected sensor.
 */
export function isBeyond(value: JsonValue, { threshold, above }: ThresholdRule): boolean | undefined {
  if (typeof value === 'boolean') return value === above;
  if (typeof value === 'string' || typeof value === 'object' || (typeof value === 'number' && !Number.isFinite(value)))
    return undefined;
  // Comparison is also exact for integers that a JavaScript number cannot represent.
  return above ? value > threshold : value < threshold;
}

/** Detects one fault while a value is beyond its threshold. */
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
