import { OptionReader } from '@medkit/plugin';
import { DEFAULT_RULES, type FunctionRules } from './function-rules.ts';
import { readRules } from './read-rules.ts';

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
