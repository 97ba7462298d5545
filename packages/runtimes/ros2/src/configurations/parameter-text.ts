import { stringifyJson } from '@medkit/core';
import { type ParameterValue, parameterToJson } from '@medkit/ros2';

/** Maximum characters of a reported value. */
const MAX_LENGTH = 240;

/**
 * Returns a value as JSON, truncated if it is long; the rest is not even serialized. Returns `undefined` if it is not
 * set.
 */
export function parameterText(value: ParameterValue): string | undefined {
  if (value.type === 'not_set') return undefined;
  const begin = beginOf(value);
  const text = stringifyJson(parameterToJson(begin));
  return begin === value && text.length <= MAX_LENGTH ? text : `${text.slice(0, MAX_LENGTH - 1)}…`;
}

/** Each element takes at least one character. */
function beginOf(value: Exclude<ParameterValue, { type: 'not_set' }>): ParameterValue {
  if (value.type === 'string_array') {
    const texts = value.value.slice(0, MAX_LENGTH).map((text) => text.slice(0, MAX_LENGTH));
    const isWhole = texts.length === value.value.length && texts.every((text, at) => text === value.value[at]);
    return isWhole ? value : { type: value.type, value: texts };
  }
  if ((typeof value.value !== 'object' && typeof value.value !== 'string') || value.value.length <= MAX_LENGTH) {
    return value;
  }
  return { type: value.type, value: value.value.slice(0, MAX_LENGTH) } as ParameterValue;
}
