import type { Random } from '@medkit/edges';
import type { ParameterValue } from '../parameters/parameter.ts';

const TEXTS = ['', 'map', 'grüße', '.nan', '5.0', 'a\nb', '日本'];
const DOUBLES = [0, -0, 5, 0.1, -1e-300, 1e21, 2 ** 53, Number.MAX_VALUE, Number.NaN, Infinity, -Infinity];
const INTEGERS = [0n, -1n, 5n, 2n ** 53n, 2n ** 53n + 1n, 2n ** 63n - 1n, -(2n ** 63n)];

/** Returns a random value of any type except `not_set`, including edge cases. */
export function randomParameterValue(random: Random): ParameterValue {
  const oneOf = <T>(choices: readonly T[]): T => choices[Math.floor(random.float() * choices.length)] as T;
  const some = <T>(make: () => T): T[] => Array.from({ length: Math.floor(random.float() * 4) }, make);
  const bool = () => random.float() < 0.5;
  const int = () => oneOf(INTEGERS);
  const double = () => (bool() ? oneOf(DOUBLES) : (random.float() - 0.5) * 1000);
  const string = () => oneOf(TEXTS);
  const choices: readonly (() => ParameterValue)[] = [
    () => ({ type: 'bool', value: bool() }),
    () => ({ type: 'int', value: int() }),
    () => ({ type: 'double', value: double() }),
    () => ({ type: 'string', value: string() }),
    () => ({ type: 'byte_array', value: Uint8Array.from(some(() => Math.floor(random.float() * 256))) }),
    () => ({ type: 'bool_array', value: some(bool) }),
    () => ({ type: 'int_array', value: some(int) }),
    () => ({ type: 'double_array', value: some(double) }),
    () => ({ type: 'string_array', value: some(string) }),
  ];
  return oneOf(choices)();
}
