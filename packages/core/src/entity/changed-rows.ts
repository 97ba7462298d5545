/** The range in which two lists differ. The rows before and after it are the same objects in both lists. */
export interface ChangedRows {
  readonly from: number;
  /** End of the range in the old list and in the new one, exclusive. */
  readonly endBefore: number;
  readonly end: number;
}

/**
 * Compares two lists object by object, from both ends. If a single row was added, removed or replaced, the range covers
 * just that row.
 */
export function changedRows(before: readonly unknown[], now: readonly unknown[]): ChangedRows {
  let from = 0;
  let endBefore = before.length;
  let end = now.length;
  if (before === now) return { from: end, endBefore: end, end };
  while (from < endBefore && from < end && before[from] === now[from]) from++;
  while (endBefore > from && end > from && before[endBefore - 1] === now[end - 1]) {
    endBefore--;
    end--;
  }
  return { from, endBefore, end };
}

/** The rows of a list and the value made from each. */
export interface MappedRows<Row, Made> {
  readonly rows: readonly Row[];
  readonly made: readonly Made[];
}

/**
 * Calls `make` for each row with the value it made for the same row in `before`. Returns the previous list of values if
 * every value is the same object as before.
 */
export function mapRows<Row, Made>(
  rows: readonly Row[],
  make: (row: Row, at: number, before: Made | undefined) => Made,
  before: MappedRows<Row, Made> | undefined,
): MappedRows<Row, Made> {
  if (!before) return { rows, made: rows.map((row, at) => make(row, at, undefined)) };
  const { from, endBefore, end } = changedRows(before.rows, rows);
  const moved = new Map(before.rows.slice(from, endBefore).map((row, at) => [row, before.made[from + at]]));
  const made = rows.map((row, at) => {
    if (at < from) return make(row, at, before.made[at]);
    return make(row, at, at < end ? moved.get(row) : before.made[at - end + endBefore]);
  });
  return { rows, made: isSameList(made, before.made) ? before.made : made };
}

/** Returns whether two lists contain the same objects in the same order. */
export function isSameList(a: readonly unknown[], b: readonly unknown[]): boolean {
  return a.length === b.length && a.every((row, at) => row === b[at]);
}
