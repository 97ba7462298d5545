import type { ParameterDescriptor, ParameterRange, ParameterValue } from './parameter.ts';

/** Tolerance for steps, in multiples of the rounding error, as in rclcpp. */
const ROUNDINGS = 100;

/** Returns why a value violates the ranges of its descriptor, or `undefined` if it does not. */
export function rangeProblem(
  { integerRange, floatRange }: Pick<ParameterDescriptor, 'integerRange' | 'floatRange'>,
  value: ParameterValue,
): string | undefined {
  if (value.type === 'int' && integerRange && !isInIntegers(integerRange, value.value)) return outside(integerRange);
  if (value.type === 'double' && floatRange && !isInFloats(floatRange, value.value)) return outside(floatRange);
  return undefined;
}

function outside({ from, to, step }: ParameterRange<number | bigint>): string {
  return `must be from ${from} to ${to}${Number(step) === 0 ? '' : ` in steps of ${step}`}`;
}

/** Both ends always belong to the range, even if no step leads to the upper one. */
function isInIntegers({ from, to, step }: ParameterRange<bigint>, value: bigint): boolean {
  if (value < from || value > to) return false;
  return step === 0n || value === to || (value - from) % step === 0n;
}

function isInFloats({ from, to, step }: ParameterRange<number>, value: number): boolean {
  if (nearlyEqual(value, from) || nearlyEqual(value, to)) return true;
  if (!(value > from && value < to)) return false;
  return step === 0 || nearlyEqual(value, from + Math.round((value - from) / step) * step);
}

function nearlyEqual(a: number, b: number): boolean {
  const difference = Math.abs(a - b);
  return a === b || (difference < Infinity && difference <= Number.EPSILON * Math.abs(a + b) * ROUNDINGS);
}
