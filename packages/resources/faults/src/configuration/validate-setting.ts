import { type Located, type LocatedValue, type Notice, parseYamlBoolean, parseYamlInteger } from '@medkit/documents';
import type { ChoiceSetting, NumericSetting, Setting } from './setting.ts';

/** The value to use, with a notice if it differs from the written one; or why the document is refused. */
export type SettingResult = { readonly value: unknown; readonly notice?: Notice } | { readonly refused: string };

const KINDS: Readonly<Record<Setting['type'], string>> = {
  boolean: 'true or false',
  integer: 'a whole number',
  number: 'a number',
  text: 'text',
  choice: 'a word',
  list: 'a list of texts',
};

function validateNumber(setting: NumericSetting, key: string, located: LocatedValue): SettingResult | undefined {
  const { at, text } = located;
  const value = numberOf(located);
  if (value === undefined) return undefined;
  // An infinite integer is out of range like any value that is too large.
  if (setting.type === 'integer' && Number.isFinite(value) && !Number.isInteger(value)) return undefined;
  const { min, max } = setting;
  if (value >= min && value <= max) return { value };
  const policy = value > max ? setting.above : setting.below;
  const wanted = policy === 'negate' ? -value : value;
  // NaN is outside of every range.
  const used = policy === 'default' || Number.isNaN(value) ? setting.default : Math.min(max, Math.max(min, wanted));
  return {
    value: used,
    notice: { level: 'warning', text: `${at}: ${key}: ${text} is not within ${min} to ${max}, ${used} is used` },
  };
}

/** Parses a number as ROS does, which also accepts `-0x10`. */
function numberOf({ value, text, isQuoted }: LocatedValue): number | undefined {
  if (typeof value === 'number') return value;
  const whole = isQuoted ? undefined : parseYamlInteger(text);
  return whole === undefined ? undefined : Number(whole);
}

/** Parses a boolean as ROS does: a quoted word is a text. */
function flagOf({ value, text, isQuoted }: LocatedValue): SettingResult | undefined {
  const flag = isQuoted || typeof value === 'number' ? undefined : parseYamlBoolean(text);
  return flag === undefined ? undefined : { value: flag };
}

function validateChoice(
  setting: ChoiceSetting,
  key: string,
  { at, value, text }: LocatedValue,
): SettingResult | undefined {
  if (typeof value !== 'string') return undefined;
  if (setting.choices.includes(value)) return { value };
  const offered = setting.choices.join(' or ');
  return {
    value: setting.otherwise,
    notice: { level: 'error', text: `${at}: ${key}: "${text}" is not ${offered}, ${setting.otherwise} is used` },
  };
}

function validateSingle(setting: Setting, key: string, located: LocatedValue): SettingResult | undefined {
  const { value } = located;
  switch (setting.type) {
    case 'integer':
    case 'number':
      return validateNumber(setting, key, located);
    case 'choice':
      return validateChoice(setting, key, located);
    case 'list':
      return undefined;
    case 'boolean':
      return flagOf(located);
    default:
      return typeof value === 'string' ? { value } : undefined;
  }
}

function textsOf(located: Located): readonly string[] | undefined {
  if (located.kind !== 'list') return undefined;
  const texts = located.items.map((item) => (item.kind === 'value' ? item.value : undefined));
  // Launch files write an empty list as `['']`.
  return texts.every((text) => typeof text === 'string') ? texts.filter((text) => text !== '') : undefined;
}

/**
 * Validates the value of a setting. A value out of range is treated as its setting defines. A value of another type is
 * refused, because ROS refuses to start a node with it.
 */
export function validateSetting(setting: Setting, key: string, located: Located): SettingResult {
  const { at } = located;
  if (located.kind === 'value' && located.value === null) {
    const text = `${at}: ${key} has no value, the default is used`;
    return { value: setting.default, notice: { level: 'warning', text } };
  }
  const texts = setting.type === 'list' ? textsOf(located) : undefined;
  if (texts !== undefined) return { value: texts };
  const verdict = located.kind === 'value' ? validateSingle(setting, key, located) : undefined;
  const found = located.kind === 'value' ? `"${located.text}"` : `a ${located.kind === 'map' ? 'section' : 'list'}`;
  return verdict ?? { refused: `${at}: ${key} must be ${KINDS[setting.type]}, not ${found}` };
}
