import type { RosMessage, RosValue } from '@medkit/ros2/decode';
import { pointerTo } from '../forms/json-pointer.ts';

/** A part of a message that is not whole: of its `all` members the first `kept` are there. */
export interface CutPart {
  /** JSON Pointer to it. */
  readonly path: string;
  readonly kept: number;
  readonly all: number;
}

/** So many values of one message go from the worker to the page; each is an object there. */
export const MAX_VALUES = 20_000;
/** So many characters of a text are as much as a value. */
const CHARACTERS = 64;

/** A message with no more values than a page can take, and what was left out. Arrays of numbers are one value: they are copied as octets. */
export function withinBudget(
  message: RosMessage,
  maxValues = MAX_VALUES,
): { readonly message: RosMessage; readonly cut: readonly CutPart[] } {
  const cut: CutPart[] = [];
  let left = maxValues;
  const taken = (value: RosValue, path: string): RosValue => {
    left -= 1;
    if (typeof value === 'string') left -= Math.floor(value.length / CHARACTERS);
    if (typeof value !== 'object' || ArrayBuffer.isView(value)) return value;
    const names = Array.isArray(value) ? [...value.keys()].map(String) : Object.keys(value);
    const kept: (readonly [string, RosValue])[] = [];
    for (const name of names) {
      if (left <= 0) break;
      kept.push([name, taken((value as RosMessage)[name]!, pointerTo(path, name))]);
    }
    if (kept.length < names.length) cut.push({ path, kept: kept.length, all: names.length });
    return Array.isArray(value) ? kept.map(([, member]) => member) : Object.fromEntries(kept);
  };
  return { message: taken(message, '') as RosMessage, cut };
}
