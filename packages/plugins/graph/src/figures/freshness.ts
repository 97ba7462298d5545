import type { FunctionRules } from '../options/function-rules.ts';

type FreshnessRules = Pick<FunctionRules, 'freshnessFloorSec' | 'freshnessHeadroomFactor' | 'staleGraceSec'>;

/** How long a figure of a topic that should run at `expectedHz` is good for, s. */
export function freshnessSec(expectedHz: number, rules: FreshnessRules): number {
  return Math.max(rules.freshnessFloorSec, rules.freshnessHeadroomFactor / expectedHz);
}

/** True for a figure older than its window and grace. A negative age, of a clock that went back, is stale, too. */
export function isStale(ageSec: number, expectedHz: number, rules: FreshnessRules): boolean {
  return ageSec < 0 || ageSec > freshnessSec(expectedHz, rules) + rules.staleGraceSec;
}
