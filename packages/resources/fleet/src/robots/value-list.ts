import type { SqlValue } from '@medkit/store';

/** Maximum values of a list. */
export const MAX_LISTED = 32;
/** Lengths of lists: few, so that the store translates few statements. */
const LENGTHS = [1, 8, MAX_LISTED] as const;

/** Returns the right side of `IN` for up to `MAX_LISTED` values. */
export function valueList(values: readonly SqlValue[]): {
  readonly sql: string;
  readonly parameters: readonly SqlValue[];
} {
  const length = LENGTHS.find((each) => each >= values.length);
  if (length === undefined)
    throw new RangeError(`a list has at most ${MAX_LISTED} values, and these are ${values.length}`);
  // The last value is repeated.
  const parameters = Array.from({ length }, (_, index) => values[Math.min(index, values.length - 1)] ?? null);
  return { sql: `(${parameters.map(() => '?').join(', ')})`, parameters };
}
