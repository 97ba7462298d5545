import type { FunctionRules } from '../options/function-rules.ts';

type FreshnessRules = Pick<FunctionRules, 'freshnessFloorSec' | 'freshnessHeadroomFactor' | 'staleGraceSec'>;

/** Returns how long a figure of a topic with rate `expectedHz` is fresh, in seconds. */
export function freshnessSec(expectedHz: number, rules: FreshnessRules): number {
  return Math.max(rules.freshnessFloorSec, rules.freshnessHeadroomFactor / expectedHz);
}

/**
 * Returns whether a figure is older than its freshness and grace period. A negative age, after the clock was set back,
 * counts as stale.
 */
export function isStale(ageSec: number, expectedHz: number, rules: FreshnessRules): boolean {
  return ageSec < 0 || ageSec > freshnessSec(expectedHz, rules) + rules.staleGraceSec;
}
