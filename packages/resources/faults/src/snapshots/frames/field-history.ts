import type { SampledJson } from '../sampler/topic-sampler.ts';
import { thinned } from './keep-held.ts';

/** Fields of one topic whose numbers are followed. */
export const MAX_HISTORY_FIELDS = 64;
/** Elements of an array that are fields of their own; a longer one is a scan or a map. */
export const MAX_HISTORY_ELEMENTS = 16;
/** Numbers in the history of one topic: that of a message with many fields has fewer points. */
export const MAX_HISTORY_VALUES = 16_384;
/** Levels of a message; those of ROS have six or seven. */
const MAX_DEPTH = 16;

/** A message and when it arrived, nanoseconds since the epoch. */
export interface TimedValue {
  readonly timeNs: bigint;
  readonly value: SampledJson;
}

/**
 * How the numbers of a topic came to where they are: `{"linear.x": {"value": 0.5, "history": [[timeNs, 0.4], …]}}`, for
 * every number of the last of the messages. Empty where there are no numbers, or only one message.
 */
export function historyText(messages: readonly TimedValue[]): string {
  const last = messages.at(-1);
  if (last === undefined || messages.length < 2) return '';
  const present = numbersOf(last.value);
  const most = Math.floor(MAX_HISTORY_VALUES / Math.max(1, present.size));
  const timed = thinned(messages, most).map(({ timeNs, value }) => ({ timeNs, numbers: numbersOf(value) }));
  const fields = Array.from(present, ([path, value]) => {
    const points = timed.flatMap(({ timeNs, numbers }) => {
      const number = numbers.get(path);
      return number === undefined ? [] : [`[${timeNs},${number}]`];
    });
    return `${JSON.stringify(path)}:{"value":${value},"history":[${points.join(',')}]}`;
  });
  return fields.length === 0 ? '' : `{${fields.join(',')}}`;
}

/** The numbers of a message by their paths, as `pose.position.x` and `covariance[3]`. Flags and texts are none. */
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

/** A time or duration is two numbers that mean nothing one without the other, and a stamp only says again when it was. */
function isTime(value: { readonly [member: string]: SampledJson }): boolean {
  return Object.keys(value).length === 2 && 'sec' in value && 'nanosec' in value;
}
