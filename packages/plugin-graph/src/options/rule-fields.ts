import type { FunctionRules } from './function-rules.ts';

/** What a value of the configuration becomes, or `undefined` where it is not allowed. */
export interface FieldRule {
  readonly read: (given: unknown) => Partial<FunctionRules> | undefined;
  /** `a number above 0`. */
  readonly allowed: string;
}

/** The fields of `FunctionRules` by their names in `function_overrides.<function>`. */
export const RULE_FIELDS: ReadonlyMap<string, FieldRule> = new Map<string, FieldRule>([
  [
    'expected_frequency_hz',
    aboveZero((expectedFrequencyHz) => ({ expectedFrequencyHz, expectationIsConfigured: true })),
  ],
  ['degraded_frequency_ratio', aboveZero((degradedFrequencyRatio) => ({ degradedFrequencyRatio }))],
  ['drop_rate_percent_threshold', zeroOrMore((dropRatePercentThreshold) => ({ dropRatePercentThreshold }))],
  ['freshness_floor_sec', aboveZero((freshnessFloorSec) => ({ freshnessFloorSec }))],
  ['freshness_headroom_factor', aboveZero((freshnessHeadroomFactor) => ({ freshnessHeadroomFactor }))],
  ['stale_grace_sec', zeroOrMore((staleGraceSec) => ({ staleGraceSec }))],
  ['multi_publisher_rate', oneOf(['annotate', 'suppress'], (multiPublisherRate) => ({ multiPublisherRate }))],
  ['measure', oneOf(['on_demand', 'always', 'off'], (measure) => ({ measure }))],
]);

/** The names that the same fields have for all functions, where they are others. */
export const GENERAL_NAMES: Readonly<Record<string, string>> = {
  expected_frequency_hz: 'expected_frequency_hz_default',
};

/** A finite number, also where a configuration has it as text. */
export function numberIn(given: unknown): number | undefined {
  if (typeof given === 'string' && given.trim() === '') return undefined;
  const value = typeof given === 'string' ? Number(given) : given;
  return typeof value === 'number' && Number.isFinite(value) ? value : undefined;
}

function aboveZero(rules: (value: number) => Partial<FunctionRules>): FieldRule {
  return numeric('a number above 0', (value) => value > 0, rules);
}

function zeroOrMore(rules: (value: number) => Partial<FunctionRules>): FieldRule {
  return numeric('a number of 0 or more', (value) => value >= 0, rules);
}

function numeric(
  allowed: string,
  fits: (value: number) => boolean,
  rules: (value: number) => Partial<FunctionRules>,
): FieldRule {
  const read = (given: unknown) => {
    const value = numberIn(given);
    return value !== undefined && fits(value) ? rules(value) : undefined;
  };
  return { read, allowed };
}

function oneOf<const V extends string>(values: readonly V[], rules: (value: V) => Partial<FunctionRules>): FieldRule {
  const read = (given: unknown) => {
    const value = values.find((each) => each === given);
    return value === undefined ? undefined : rules(value);
  };
  return { read, allowed: values.join(' or ') };
}
