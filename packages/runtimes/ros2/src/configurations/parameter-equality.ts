import type { ParameterValue } from '@medkit/ros2';

/** Returns whether both are the same value of the same type; NaN equals NaN. */
export function sameValue(a: ParameterValue, b: ParameterValue): boolean {
  if (a.type === 'not_set' || b.type === 'not_set' || a.type !== b.type) return a.type === b.type;
  const [left, right] = [elementsOf(a.value), elementsOf(b.value)];
  return left.length === right.length && left.every((element, at) => Object.is(element, right[at]));
}

function elementsOf(value: Exclude<ParameterValue, { type: 'not_set' }>['value']): readonly unknown[] {
  return typeof value === 'object' ? Array.from<unknown>(value) : [value];
}
