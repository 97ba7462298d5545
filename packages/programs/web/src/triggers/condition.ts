import { parseJsonInput, stringifyJson } from '@medkit/core/json';

/** Conditions that the gateway evaluates itself. Conditions of plugins are shown but not offered. */
export const CONDITION_TYPES = ['EnterRange', 'LeaveRange', 'OnChangeTo', 'OnChange'] as const;
export type ConditionType = (typeof CONDITION_TYPES)[number];

/** A condition as the API has it, with only the parameters of its type. */
export interface Condition {
  readonly condition_type: string;
  readonly lower_bound?: number;
  readonly upper_bound?: number;
  readonly target_value?: unknown;
}

/** Reads the condition of a trigger. Plugins define other types and parameters. */
export function readCondition(input: unknown): Condition {
  const { condition_type, lower_bound, upper_bound, target_value } = Object(input);
  const [lower, upper] = [numberIn(lower_bound), numberIn(upper_bound)];
  return {
    condition_type: typeof condition_type === 'string' ? condition_type : '',
    ...(lower !== undefined && { lower_bound: lower }),
    ...(upper !== undefined && { upper_bound: upper }),
    ...(target_value !== undefined && { target_value }),
  };
}

const numberIn = (value: unknown): number | undefined =>
  typeof value === 'number' || typeof value === 'bigint' ? Number(value) : undefined;

/** Whether a condition holds for a value; `no-number` if the condition needs a number and the value has none. */
export type ConditionState = 'holds' | 'not' | 'no-number' | 'unknown';

/** Texts for numbers that JSON cannot represent. */
const INFINITIES: Readonly<Record<string, number>> = { '.inf': Number.POSITIVE_INFINITY, '-.inf': -Infinity };

/**
 * Returns the number that the gateway compares: the value itself or its only number. Fault rules count booleans as 1 and
 * 0 and read numbers from texts; ranges do not.
 */
export function comparedNumber(value: unknown, { lenient = false } = {}): number | undefined {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
    const numbers = Object.values(value).flatMap((member) => scalarNumber(member, lenient) ?? []);
    return numbers.length === 1 ? numbers[0] : undefined;
  }
  return scalarNumber(value, lenient);
}

function scalarNumber(value: unknown, lenient: boolean): number | undefined {
  if (typeof value === 'string' && Object.hasOwn(INFINITIES, value)) return INFINITIES[value];
  if (typeof value === 'object' || value === undefined || (typeof value === 'string' && value.trim() === '')) {
    return undefined;
  }
  if (!lenient && typeof value !== 'number' && typeof value !== 'bigint') return undefined;
  const number = Number(value);
  return Number.isNaN(number) ? undefined : number;
}

/** Returns whether a condition of a trigger holds for a value. A change cannot be judged by one value. */
export function conditionState(condition: Condition, value: unknown): ConditionState {
  const { condition_type: type, lower_bound: lower, upper_bound: upper, target_value: target } = condition;
  if (type === 'EnterRange' || type === 'LeaveRange') {
    if (lower === undefined || upper === undefined) return 'unknown';
    const number = comparedNumber(value);
    if (number === undefined) return 'no-number';
    return lower <= number && number <= upper ? 'holds' : 'not';
  }
  if (type !== 'OnChangeTo' || target === undefined) return 'unknown';
  return equal(mainValue(value, target), target) ? 'holds' : 'not';
}

/** A plain target is compared with the only value of a message, such as `data` of std_msgs. */
function mainValue(value: unknown, target: unknown): unknown {
  if (typeof target === 'object' || typeof value !== 'object' || value === null) return value;
  const { status, data } = value as { readonly status?: unknown; readonly data?: unknown };
  return status ?? (Object.keys(value).length === 1 && data !== undefined ? data : value);
}

function equal(one: unknown, other: unknown): boolean {
  if (typeof one === 'bigint' || typeof other === 'bigint') return Number(one) === Number(other);
  return stringifyJson(one ?? null) === stringifyJson(other ?? null);
}

/** Parses the target of `OnChangeTo`: JSON if it is JSON, such as `3`, `true` or `"3"`, otherwise the text itself. */
export function parseTarget(text: string): unknown {
  try {
    return parseJsonInput(text);
  } catch {
    return text.trim();
  }
}

/** Parses a number that a user typed, with a decimal point or comma. */
export function parseNumber(text: string): number | undefined {
  const trimmed = text.trim().replace(',', '.');
  const number = trimmed === '' ? Number.NaN : Number(trimmed);
  return Number.isFinite(number) ? number : undefined;
}
