import { OptionReader } from '@medkit/plugin';
import { DEFAULT_RULES, type FunctionRules } from './function-rules.ts';
import { readRules } from './read-rules.ts';

/** How much the gateway measures at a time, of all functions together. */
export interface MeasureLimits {
  readonly maxTopics: number;
  readonly maxBytesPerSec: number;
  /** Whether images, point clouds and the like are measured, too. */
  readonly largeMessages: boolean;
}

export interface GraphOptions {
  /** Rules of a function; those of everything that no override names where it is left out. */
  rulesOf(functionId?: string): FunctionRules;
  readonly limits: MeasureLimits;
  /** Whether some function is measured also while nobody looks. */
  readonly measuresAlways: boolean;
  /** What in the configuration has no effect, one sentence each. */
  readonly warnings: readonly string[];
}

/**
 * Options out of the plugin's part of the configuration. What is wrong in it keeps what would hold without it, and is told
 * of by its key; it never costs another key.
 */
export function readGraphOptions(given: Readonly<Record<string, unknown>>): GraphOptions {
  const root = new OptionReader(given, 'the pipeline graph');
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
