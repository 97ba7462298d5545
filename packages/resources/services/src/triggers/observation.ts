import { type JsonValue, stringifyJson } from '@medkit/core';
import { valueAt } from '../values/json-pointer.ts';
import { isObject, primaryValue } from '../values/primary-value.ts';

/** A value that triggers judge: made once, however many judge it. */
export interface Observation {
  /** What it is a value of. Values of other sources are not compared with it. */
  readonly source: string;
  readonly value: JsonValue;
  /** The type of the value in the runtime's own terms: `std_msgs/msg/Float32`. */
  readonly type?: string;
  /** It has none before it and none after it, as an entry of a log. */
  readonly alone?: boolean;
  /** The value as JSON text. */
  text(): string;
}

/** What a trigger sees of an observation: the value, or the part of it that its pointer leads to. */
export interface Seen {
  readonly value: JsonValue;
  /** Absent for a part of a value: only of the whole the type is known. */
  readonly type: string | undefined;
}

export function observation(fields: Omit<Observation, 'text'>): Observation {
  let text: string | undefined;
  return { ...fields, text: () => (text ??= stringifyJson(fields.value)) };
}

/** What there is at `pointer`, a JSON Pointer or empty; `undefined` where there is nothing. */
export function seenOf({ value, type }: Observation, pointer: string): Seen | undefined {
  if (pointer === '') return { value, type };
  const part = valueAt(value, pointer);
  return part === undefined ? undefined : { value: part, type: undefined };
}

/**
 * What a value is about where that is no number alone: what its type says, or the status that it has. The value itself where
 * nobody knows.
 */
export function aboutOf({ value, type }: Seen): JsonValue {
  if (!isObject(value)) return value;
  const primary = type === undefined ? undefined : primaryValue(type, value);
  if (primary !== undefined) return primary;
  return Object.hasOwn(value, 'status') ? (value['status'] ?? null) : value;
}
