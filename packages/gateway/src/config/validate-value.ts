import { parseYamlBoolean, parseYamlNumber } from '@medkit/documents';
import { type Assignment, ConfigRefused, type Notice } from './assignment.ts';
import type { ListSetting, NumericSetting, Setting, TextSetting } from './setting.ts';

/** The effective value, with a notice if it differs from the requested one. */
export interface Verdict {
  readonly value: unknown;
  readonly notice?: Notice;
}

/** Parses a boolean; `1` and `0` are booleans of environment variables. */
function parseBoolean(text: string): boolean | undefined {
  if (/^\s*[01]\s*$/.test(text)) return text.trim() === '1';
  return parseYamlBoolean(text);
}

/**
 * Returns the texts of a list: a sequence, or one text with commas. Drops empty ones, since `['']` is the empty list of
 * ROS.
 */
function parseList(value: string | readonly string[]): readonly string[] {
  const texts = typeof value === 'string' ? value.split(',') : value;
  return texts.map((text) => text.trim()).filter((text) => text !== '');
}

function judgeNumber(setting: NumericSetting, key: string, text: string, origin: string): Verdict {
  const number = parseYamlNumber(text);
  const wanted = setting.type === 'integer' ? 'a whole number' : 'a number';
  if (number === undefined || (setting.type === 'integer' && Number.isFinite(number) && !Number.isInteger(number))) {
    throw new ConfigRefused([`${key}: "${text}" is not ${wanted} (${origin})`]);
  }
  const { min, max, outside } = setting;
  if ((number >= min && number <= max) || number === setting.special?.value) return { value: number };
  const range = `the range is ${min} to ${max}; ${origin}`;
  // A value from the command line must take effect or fail: it is never replaced.
  if (outside === 'refuse' || origin.startsWith('--'))
    throw new ConfigRefused([`${key}: ${text} is out of range (${range})`]);
  if (outside === 'clamp' && !Number.isNaN(number)) {
    const value = Math.min(max, Math.max(min, number));
    return { value, notice: { level: 'warning', text: `${key}: ${text} clamped to ${value} (${range})` } };
  }
  return {
    value: setting.default,
    notice: { level: 'error', text: `${key}: ${text} refused, the default ${setting.default} is used (${range})` },
  };
}

function judgeText({ matches }: TextSetting, key: string, text: string, origin: string): Verdict {
  if (!matches || matches.pattern.test(text)) return { value: text };
  throw new ConfigRefused([`${key}: "${text}" is not ${matches.meaning} (${origin})`]);
}

function judgeList({ matches, maxItems }: ListSetting, key: string, items: readonly string[], origin: string): Verdict {
  if (maxItems !== undefined && items.length > maxItems) {
    throw new ConfigRefused([`${key} has ${items.length} items, the maximum is ${maxItems} (${origin})`]);
  }
  const wrong = items.find((item) => matches && !matches.pattern.test(item));
  if (wrong === undefined) return { value: items };
  throw new ConfigRefused([`${key}: "${wrong}" is not ${matches?.meaning} (${origin})`]);
}

/** Checks one value against its setting. Throws `ConfigRefused` for a value with which the gateway must not start. */
export function validateValue(setting: Setting, { key, value, origin }: Assignment): Verdict {
  if (value === null) {
    return {
      value: setting.default,
      notice: { level: 'warning', text: `${key} has no value: its default is used (${origin})` },
    };
  }
  if (setting.type === 'list') return judgeList(setting, key, parseList(value), origin);
  if (typeof value !== 'string') throw new ConfigRefused([`${key} takes one value, not a list (${origin})`]);
  if (setting.type === 'text') return judgeText(setting, key, value, origin);
  if (setting.type !== 'boolean') return judgeNumber(setting, key, value.trim(), origin);
  const truth = parseBoolean(value);
  if (truth === undefined) throw new ConfigRefused([`${key}: "${value}" is not true or false (${origin})`]);
  return { value: truth };
}
