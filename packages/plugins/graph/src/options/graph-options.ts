import { OptionReader } from '@medkit/plugin';
import { DEFAULT_RULES, type FunctionRules } from './function-rules.ts';

const ABOVE_ZERO = { above: 0 };

const ZERO_OR_MORE = { min: 0 };

/** Limits of the measurements of all functions together. */
export interface MeasureLimits {
  readonly maxTopics: number;
  readonly maxBytesPerSec: number;
  /** Whether to measure images, point clouds and other large messages. */
  readonly largeMessages: boolean;
}

export interface GraphOptions {
  /** Returns the rules of a function; without an id, those of everything that no override names. */
  rulesOf(functionId?: string): FunctionRules;
  readonly limits: MeasureLimits;
  /** Whether a function is measured even without client requests. */
  readonly measuresAlways: boolean;
  /** A sentence for each option without effect. */
  readonly warnings: readonly string[];
}

/**
 * Reads options from the plugin's section of the configuration. An invalid value is replaced by its default and
 * reported by key; it does not affect other keys.
 */
export function readGraphOptions(raw: Readonly<Record<string, unknown>>): GraphOptions {
  const root = new OptionReader(raw, 'the pipeline graph');
  const rules = readRules(root, DEFAULT_RULES, 'expected_frequency_hz_default');
  const limits: MeasureLimits = {
    maxTopics: root.integer('measure_max_topics', { value: 100, min: 1, max: 2000 }),
    maxBytesPerSec: root.integer('measure_max_bytes_per_sec', { value: 5_000_000, min: 1000, max: 1_000_000_000 }),
    largeMessages: root.flag('measure_large_messages', false),
  };
  const overrides = root.section('function_overrides');
  const byFunction = new Map(overrides.keys.map((id) => [id, readOverride(overrides.section(id), rules)]));
  root.end();
  const measuresAlways = [rules, ...byFunction.values()].some(({ measure }) => measure === 'always');
  const { warnings } = root;
  return { rulesOf: (functionId) => byFunction.get(functionId ?? '') ?? rules, limits, measuresAlways, warnings };
}

function readOverride(section: OptionReader, general: FunctionRules): FunctionRules {
  const rules = readRules(section, general, 'expected_frequency_hz');
  section.end();
  return rules;
}

/**
 * Reads the rules of a section; `general` provides missing values.
 *
 * @param expectedKey key of the expected rate in the section
 */
function readRules(section: OptionReader, general: FunctionRules, expectedKey: string): FunctionRules {
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
