import { pointerTo } from '../forms/json-pointer.ts';

/** Maximum fields offered of a value, elements of a list, and depth. */
const MAX_FIELDS = 200;
const MAX_ELEMENTS = 8;
const MAX_DEPTH = 12;

/** A number within a value and its JSON Pointer. */
export interface NumericField {
  readonly pointer: string;
  readonly value: number;
  /** The integer, if `value` has fewer digits. */
  readonly exact?: bigint;
}

/** A number that a value represents. */
export type Measured = Omit<NumericField, 'pointer'>;

/**
 * Returns the number that a value represents: the value itself or its only numeric field, as in `std_msgs/msg/Float64`.
 * Returns `undefined` if it is ambiguous.
 */
export function numberOf(value: unknown): Measured | undefined {
  if (isNumeric(value)) return measured(value);
  const fields = numericFields(value).filter(({ pointer }) => !pointer.startsWith('/header/'));
  return fields.length === 1 ? fields[0] : undefined;
}

/** Returns all numbers within a value, in order; only the first elements of lists. */
export function numericFields(value: unknown): readonly NumericField[] {
  const found: NumericField[] = [];
  const collect = (each: unknown, pointer: string, depth: number): void => {
    if (found.length >= MAX_FIELDS || depth > MAX_DEPTH) return;
    if (isNumeric(each)) found.push({ pointer, ...measured(each) });
    else if (typeof each === 'object' && each !== null) {
      const members = Array.isArray(each) ? Object.entries(each.slice(0, MAX_ELEMENTS)) : Object.entries(each);
      for (const [name, member] of members) collect(member, pointerTo(pointer, name), depth + 1);
    }
  };
  collect(value, '', 0);
  return found;
}

const isNumeric = (value: unknown): value is number | bigint | boolean =>
  typeof value === 'number' || typeof value === 'bigint' || typeof value === 'boolean';

function measured(number: number | bigint | boolean): Measured {
  const value = Number(number);
  return { value, ...(typeof number === 'bigint' && BigInt(value) !== number && { exact: number }) };
}
