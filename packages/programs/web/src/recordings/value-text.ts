import type { RosValue } from '@medkit/ros2/decode';

const MAX_CHARACTERS = 400;
const DIGITS = 7;

/** Formats a primitive value of a message; long strings are truncated. */
export function valueText(value: RosValue): string {
  if (typeof value === 'number')
    return Number.isInteger(value) ? String(value) : String(Number(value.toPrecision(DIGITS)));
  if (typeof value !== 'string') return String(value);
  return value.length > MAX_CHARACTERS ? `"${value.slice(0, MAX_CHARACTERS)}…" (${value.length})` : `"${value}"`;
}
