import type { OptionReader } from '@medkit/plugin';
import type { FunctionRules } from './function-rules.ts';

const ABOVE_ZERO = { above: 0 };
const ZERO_OR_MORE = { min: 0 };

/**
 * Reads the rules of a section; `general` provides missing values.
 *
 * @param expectedKey key of the expected rate in the section
 */
export function readRules(section: OptionReader, general: FunctionRules, expectedKey: string): FunctionRules {
  const expectedHz = section.number(expectedKey, { value: undefined, ...ABOVE_ZERO });
  const numberOf = (key: string, value: number, range: typeof ABOVE_ZERO | typeof ZERO_OR_MORE) =>
    section.number(key, { value, ...range });
  return {
    expectedFrequencyHz: expectedHz ?? general.expectedFrequencyHz,
    expectationIsConfigured: expectedHz !== undefined || general.expectationIsConfigured,
    degradedFrequencyRatio: numberOf('degraded_frequency_ratio', general.degradedFrequencyRatio, ABOVE_ZERO),
    dropRatePercentThreshold: numberOf('drop_rate_percent_threshold', general.dropRatePercentThreshold, ZERO_OR_MORE),
    freshnessFloorSec: numberOf('freshness_floor_sec', general.freshnessFloorSec, ABOVE_ZERO),
    freshnessHeadroomFactor: numberOf('freshness_headroom_factor', general.freshnessHeadroomFactor, ABOVE_ZERO),
    staleGraceSec: numberOf('stale_grace_sec', general.staleGraceSec, ZERO_OR_MORE),
    multiPublisherRate: section.word('multi_publisher_rate', ['annotate', 'suppress'], general.multiPublisherRate),
    measure: section.word('measure', ['on_demand', 'always', 'off'], general.measure),
  };
}
