import { isJsonObject, type JsonValue, stringifyJson } from '@medkit/core';
import { valueAt } from '@medkit/core/json';
import { primaryValue } from '@medkit/entities';

/** A value that triggers judge, shared by all of them. */
export interface Observation {
  /** What the value belongs to. It is not compared with values of other sources. */
  readonly source: string;
  readonly value: JsonValue;
  /** Native type of the value: `std_msgs/msg/Float32`. */
  readonly type?: string;
  /** True if it is not compared with earlier or later values, such as a log entry. */
  readonly alone?: boolean;
  /** Returns the value as JSON text. */
  text(): string;
}

/** The part of an observation that a trigger judges: the value, or the part at its pointer. */
export interface Seen {
  readonly value: JsonValue;
  /** Absent for a part of a value: only the type of the whole is known. */
  readonly type: string | undefined;
}

export function observation(fields: Omit<Observation, 'text'>): Observation {
  let text: string | undefined;
  return { ...fields, text: () => (text ??= stringifyJson(fields.value)) };
}

/** Returns the value at `pointer`, a JSON Pointer or empty; `undefined` if there is none. */
export function seenOf({ value, type }: Observation, pointer: string): Seen | undefined {
  if (pointer === '') return { value, type };
  const part = valueAt(value, pointer);
  return part === undefined ? undefined : { value: part, type: undefined };
}

/**
 * Returns the primary value of an object: the field that its type defines, or its `status`. Returns any other value
 * unchanged.
 */
export function aboutOf({ value, type }: Seen): JsonValue {
  if (!isJsonObject(value)) return value;
  const primary = type === undefined ? undefined : primaryValue(type, value);
  if (primary !== undefined) return primary;
  return Object.hasOwn(value, 'status') ? (value['status'] ?? null) : value;
}
