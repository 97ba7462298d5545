/** Position of a flag: `x` is the middle of the flag, `row` counts from 0 downward, `atX` is the moment itself. */
export interface PlacedMark<Mark> {
  readonly mark: Mark;
  readonly x: number;
  readonly atX: number;
  readonly row: number;
}

interface LayoutOptions {
  /** Width of one flag with its margin. All members use the same pixels. */
  readonly flag: number;
  readonly from: number;
  readonly to: number;
  readonly rows: number;
}

/**
 * Places flags without overlap: at their moment if it is free, else in the next row, else shifted aside in the row with
 * the smallest shift. Flags outside the range are left out; if not all fit, the last ones are left out.
 */
export function layOutMarks<Mark>(
  marks: readonly (readonly [mark: Mark, atX: number])[],
  { flag, from, to, rows }: LayoutOptions,
): readonly PlacedMark<Mark>[] {
  const inside = marks.filter(([, atX]) => atX >= from && atX <= to).sort(([, a], [, b]) => a - b);
  const inRows: PlacedMark<Mark>[][] = Array.from({ length: rows }, () => []);
  const most = Math.floor((to - from) / flag);
  const endOf = (row: readonly PlacedMark<Mark>[]): number => (row.at(-1)?.x ?? from - flag / 2) + flag / 2;
  for (const [mark, atX] of inside) {
    const centerX = Math.min(Math.max(atX, from + flag / 2), to - flag / 2);
    const free = inRows.filter(({ length }) => length < most);
    const row = free.find((each) => centerX - flag / 2 >= endOf(each)) ?? free.sort((a, b) => endOf(a) - endOf(b))[0];
    row?.push({ mark, atX, x: Math.max(centerX, endOf(row) + flag / 2), row: inRows.indexOf(row) });
  }
  return inRows
    .flatMap((row) => pushedBack(row, flag, to))
    .sort(
      (a, b) =>
        a.atX - b.atX || inside.findIndex(([mark]) => mark === a.mark) - inside.findIndex(([mark]) => mark === b.mark),
    );
}

/** Shifts a row back if its last flag would extend beyond the end. */
function pushedBack<Mark>(row: readonly PlacedMark<Mark>[], flag: number, to: number): readonly PlacedMark<Mark>[] {
  let most = to - flag / 2;
  return row.toReversed().map((placed) => {
    const x = Math.min(placed.x, most);
    most = x - flag;
    return { ...placed, x };
  });
}
