import type { SampledJson } from '../../topic-sampler.ts';
import { downsample } from './trim-topics.ts';

/** Maximum fields of one topic with a history. */
export const MAX_HISTORY_FIELDS = 64;
/** Maximum array elements treated as fields; a longer array is a scan or a map. */
const MAX_HISTORY_ELEMENTS = 16;
/** Maximum numbers in the history of one topic; a message with many fields has fewer points. */
export const MAX_HISTORY_VALUES = 16_384;
/** Maximum nesting of a message; ROS messages have six or seven levels. */
const MAX_DEPTH = 16;

/** A message and its time of arrival, nanoseconds since the epoch. */
export interface TimedValue {
  readonly timeNs: bigint;
  readonly value: SampledJson;
}

/**
 * Returns the history of every number in the last message: `{"linear.x": {"value": 0.5, "history": [[timeNs, 0.4],
 * …]}}`. Empty if there are no numbers or only one message.
 */
export function historyText(messages: readonly TimedValue[]): string {
  const last = messages.at(-1);
  if (last === undefined || messages.length < 2) return '';
  const present = numbersOf(last.value);
  const maxValues = Math.floor(MAX_HISTORY_VALUES / Math.max(1, present.size));
  const timed = downsample(messages, maxValues).map(({ timeNs, value }) => ({ timeNs, numbers: numbersOf(value) }));
  const fields = Array.from(present, ([path, value]) => {
    const points = timed.flatMap(({ timeNs, numbers }) => {
      const number = numbers.get(path);
      return number === undefined ? [] : [`[${timeNs},${number}]`];
    });
    return `${JSON.stringify(path)}:{"value":${value},"history":[${points.join(',')}]}`;
  });
  return fields.length === 0 ? '' : `{${fields.join(',')}}`;
}

/**
 * Returns the numbers of a message by path, such as `pose.position.x` and `covariance[3]`. Booleans and texts are left
 * out.
 */
export function numbersOf(message: SampledJson): ReadonlyMap<string, number> {
  const numbers = new Map<string, number>();
  const walk = (value: SampledJson, path: string, depth: number): void => {
    if (numbers.size >= MAX_HISTORY_FIELDS || depth > MAX_DEPTH) return;
    if (typeof value === 'bigint') numbers.set(path, Number(value));
    else if (typeof value === 'number') {
      if (Number.isFinite(value)) numbers.set(path, value);
    } else if (isList(value)) {
      if (value.length > MAX_HISTORY_ELEMENTS) return;
      for (const [index, element] of value.entries()) walk(element, `${path}[${index}]`, depth + 1);
    } else if (typeof value === 'object' && value !== null && !isTime(value)) {
      for (const [name, member] of Object.entries(value))
        walk(member, path === '' ? name : `${path}.${name}`, depth + 1);
    }
  };
  walk(message, '', 0);
  return numbers;
}

const isList = (value: SampledJson): value is readonly SampledJson[] => Array.isArray(value);

/** A time or duration is two numbers without separate meanings, and a stamp only repeats the time of the message. */
function isTime(value: { readonly [member: string]: SampledJson }): boolean {
  return Object.keys(value).length === 2 && 'sec' in value && 'nanosec' in value;
}
