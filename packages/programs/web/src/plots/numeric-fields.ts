import { pointerTo } from '../forms/json-pointer.ts';

/** Fields that are offered of one value at most, and elements of one list. */
const MAX_FIELDS = 200;
const MAX_ELEMENTS = 8;
const MAX_DEPTH = 12;

/** A number within a value, by its JSON Pointer. */
export interface NumericField {
  readonly pointer: string;
  readonly value: number;
}

/**
 * The number that a value is: itself, or that of its one field, as a `std_msgs/msg/Float64` has it; `undefined` where it is not clear
 * which one is meant.
 */
export function numberOf(value: unknown): number | undefined {
  if (typeof value === 'number') return value;
  if (typeof value === 'bigint' || typeof value === 'boolean') return Number(value);
  const fields = numericFields(value).filter(({ pointer }) => !pointer.startsWith('/header/'));
  return fields.length === 1 ? fields[0]!.value : undefined;
}

/** All numbers within a value, in its order; of lists the first few. */
export function numericFields(value: unknown): readonly NumericField[] {
  const found: NumericField[] = [];
  const collect = (each: unknown, pointer: string, depth: number): void => {
    if (found.length >= MAX_FIELDS || depth > MAX_DEPTH) return;
    if (typeof each === 'number' || typeof each === 'bigint' || typeof each === 'boolean') {
      found.push({ pointer, value: Number(each) });
    } else if (typeof each === 'object' && each !== null) {
      const members = Array.isArray(each) ? Object.entries(each.slice(0, MAX_ELEMENTS)) : Object.entries(each);
      for (const [name, member] of members) collect(member, pointerTo(pointer, name), depth + 1);
    }
  };
  collect(value, '', 0);
  return found;
}
