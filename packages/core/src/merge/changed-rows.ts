/** The part in which two lists differ: what stands in front of it and behind it are the same objects in both. */
export interface ChangedRows {
  readonly from: number;
  /** Where it ends in either list. */
  readonly endBefore: number;
  readonly end: number;
}

/** Compares two lists object by object, from both ends: one row that came, went or was replaced is the whole part. */
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

/** The rows of a list, and what was made of each. */
export interface MadeRows<Row, Made> {
  readonly rows: readonly Row[];
  readonly made: readonly Made[];
}

/**
 * What `make` makes of each of the rows; it hears what it made of the same row `before`. Where that is all the same again, so
 * is the list.
 */
export function makeRows<Row, Made>(
  rows: readonly Row[],
  make: (row: Row, at: number, before: Made | undefined) => Made,
  before: MadeRows<Row, Made> | undefined,
): MadeRows<Row, Made> {
  if (!before) return { rows, made: rows.map((row, at) => make(row, at, undefined)) };
  const { from, endBefore, end } = changedRows(before.rows, rows);
  const moved = new Map(before.rows.slice(from, endBefore).map((row, at) => [row, before.made[from + at]]));
  const made = rows.map((row, at) => {
    if (at < from) return make(row, at, before.made[at]);
    return make(row, at, at < end ? moved.get(row) : before.made[at - end + endBefore]);
  });
  return { rows, made: isSameList(made, before.made) ? before.made : made };
}

/** Whether two lists are of the same objects. */
export function isSameList(a: readonly unknown[], b: readonly unknown[]): boolean {
  return a.length === b.length && a.every((row, at) => row === b[at]);
}
