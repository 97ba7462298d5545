import type { RosMessage, RosValue } from '@medkit/ros2/decode';
import { pointerTo } from '../forms/json-pointer.ts';

/** A truncated part of a message: the first `included` of its `all` members are included. */
export interface CutPart {
  /** JSON Pointer to the part. */
  readonly path: string;
  readonly included: number;
  readonly all: number;
}

/** Maximum values of a message sent from the worker to the page, where each becomes an object. */
const MAX_VALUES = 20_000;
/** Characters of a text that count as one value. */
const CHARACTERS = 64;

/**
 * Returns a message with at most `maxValues` values, and the parts that were cut. A typed array counts as one value
 * because it is copied as bytes.
 */
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
    const members: (readonly [string, RosValue])[] = [];
    for (const name of names) {
      if (left <= 0) break;
      members.push([name, taken((value as RosMessage)[name]!, pointerTo(path, name))]);
    }
    if (members.length < names.length) cut.push({ path, included: members.length, all: names.length });
    return Array.isArray(value) ? members.map(([, member]) => member) : Object.fromEntries(members);
  };
  return { message: taken(message, '') as RosMessage, cut };
}
