import type { ParameterValue } from '@medkit/ros2';
import { plainText } from '../names/plain-text.ts';

/** Maximum elements of a list that are formatted; the rest would be truncated anyway. */
const MAX_ELEMENTS = 64;

/**
 * Formats a parameter's value in at most 64 ASCII characters. A declared parameter without a value has a distinct text.
 */
export function valueText(value: ParameterValue): string {
  if (value.type === 'not_set') return '<not set>';
  if (typeof value.value !== 'object') return plainText(scalarText(value.value));
  const all = Array.from<unknown>(value.value as ArrayLike<unknown>);
  const half = MAX_ELEMENTS / 2;
  const displayed = all.length <= MAX_ELEMENTS ? all : [...all.slice(0, half), ...all.slice(-half)];
  return plainText(`[${displayed.map(scalarText).join(', ')}]`);
}

/** Formats a required value in the same way. */
export function pinText(pin: unknown): string {
  return plainText(Array.isArray(pin) ? `[${pin.slice(0, MAX_ELEMENTS).join(', ')}]` : String(pin));
}

function scalarText(value: unknown): string {
  return typeof value === 'string' ? JSON.stringify(value.slice(0, 256)) : String(value);
}
