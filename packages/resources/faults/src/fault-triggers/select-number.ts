import type { DataReading } from '@medkit/core';
import { valueAt } from '@medkit/core/json';
import { primaryNumber, toNumber } from '@medkit/entities';

/** The number that a rule compares, or the reason why there is none. */
export type SelectedNumber = { readonly value: number } | { readonly problem: string };

/**
 * Returns the number at `path`, a JSON Pointer, of a reading. An empty path selects the primary number of the value.
 */
export function selectNumber({ value, type }: Pick<DataReading, 'value' | 'type'>, path: string): SelectedNumber {
  if (value === undefined) return { problem: 'It has no value at the moment' };
  const number = path === '' ? primaryNumber(type, value) : toNumber(valueAt(value, path));
  if (number !== undefined) return { value: number };
  if (path !== '') return { problem: `There is no number at ${path}` };
  return { problem: 'The value is not a single number: select one with "path", such as /linear/x' };
}
