import { DEFAULT_RULES, type FunctionRules } from './function-rules.ts';
import { GENERAL_NAMES, numberIn, RULE_FIELDS } from './rule-fields.ts';

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

const DEFAULT_LIMITS: MeasureLimits = { maxTopics: 100, maxBytesPerSec: 5_000_000, largeMessages: false };

/** More warnings than this have one cause; nobody reads them all. */
const MAX_WARNINGS = 50;

/**
 * Options out of the plugin's part of the configuration. What is wrong in it keeps what would hold without it, and is told
 * of by its key; it never costs another key.
 */
export function readGraphOptions(given: Readonly<Record<string, unknown>>): GraphOptions {
  const warnings: string[] = [];
  const warn = (warning: string): void => {
    if (warnings.length < MAX_WARNINGS) warnings.push(warning);
  };
  const { function_overrides: overrides, ...general } = given;
  const fields = new Map([...RULE_FIELDS].map(([name, field]) => [GENERAL_NAMES[name] ?? name, field]));
  let rules = DEFAULT_RULES;
  let limits = DEFAULT_LIMITS;
  for (const [key, value] of Object.entries(general)) {
    const field = fields.get(key);
    const limit = LIMITS[key];
    const read = field?.read(value) ?? limit?.read(value);
    const kind = field ?? limit;
    if (!kind) warn(`${key} is no option of the pipeline graph and has no effect.`);
    else if (!read) warn(`${key} must be ${kind.allowed}, not ${shown(value)}; it is ignored.`);
    else if (field) rules = { ...rules, ...read };
    else limits = { ...limits, ...read };
  }
  const byFunction = readOverrides(overrides, rules, warn);
  const measuresAlways = [rules, ...byFunction.values()].some(({ measure }) => measure === 'always');
  return { rulesOf: (functionId) => byFunction.get(functionId ?? '') ?? rules, limits, measuresAlways, warnings };
}

const LIMITS: Readonly<
  Record<string, { readonly allowed: string; readonly read: (given: unknown) => Partial<MeasureLimits> | undefined }>
> = {
  measure_max_topics: whole(1, 2000, (maxTopics) => ({ maxTopics })),
  measure_max_bytes_per_sec: whole(1000, 1_000_000_000, (maxBytesPerSec) => ({ maxBytesPerSec })),
  measure_large_messages: {
    allowed: 'true or false',
    read: (given) => {
      const text = String(given);
      return text === 'true' || text === 'false' ? { largeMessages: text === 'true' } : undefined;
    },
  },
};

function whole(least: number, most: number, limits: (value: number) => Partial<MeasureLimits>) {
  const read = (given: unknown) => {
    const value = numberIn(given);
    const fits = value !== undefined && Number.isInteger(value) && value >= least && value <= most;
    return fits ? limits(value) : undefined;
  };
  return { allowed: `a whole number from ${least} to ${most}`, read };
}

function readOverrides(
  given: unknown,
  general: FunctionRules,
  warn: (warning: string) => void,
): ReadonlyMap<string, FunctionRules> {
  const read = new Map<string, FunctionRules>();
  if (given === undefined) return read;
  if (!isGroup(given)) {
    warn(`function_overrides must have the form function_overrides.<function>.<field>, not ${shown(given)}.`);
    return read;
  }
  for (const [functionId, fields] of Object.entries(given)) {
    if (!isGroup(fields)) {
      warn(`function_overrides.${functionId} must be fields with values, not ${shown(fields)}; it is ignored.`);
      continue;
    }
    let rules = general;
    for (const [name, value] of Object.entries(fields)) {
      const key = `function_overrides.${functionId}.${name}`;
      const field = RULE_FIELDS.get(name);
      const override = field?.read(value);
      if (!field) warn(`${key}: there is no field ${name}; known are ${[...RULE_FIELDS.keys()].join(', ')}.`);
      else if (override) rules = { ...rules, ...override };
      else warn(`${key} must be ${field.allowed}, not ${shown(value)}; it is ignored.`);
    }
    read.set(functionId, rules);
  }
  return read;
}

function isGroup(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** A value as a warning names it. */
function shown(value: unknown): string {
  return (JSON.stringify(value) ?? String(value)).slice(0, 80);
}
