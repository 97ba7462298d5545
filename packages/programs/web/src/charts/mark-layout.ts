/** Where the flag of a mark is drawn: `x` the middle of the flag, `row` from 0 downward, `atX` the moment itself. */
export interface PlacedMark<Mark> {
  readonly mark: Mark;
  readonly x: number;
  readonly atX: number;
  readonly row: number;
}

interface LayoutOptions {
  /** Width of one flag with the space around it; all in the same pixels. */
  readonly flag: number;
  readonly from: number;
  readonly to: number;
  readonly rows: number;
}

/**
 * Flags that do not overlap: each at its moment where there is room, else in the next row, else pushed aside in the row where that
 * takes it the least far. Those outside the range are left out; where not all fit, the last ones are.
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
    const own = Math.min(Math.max(atX, from + flag / 2), to - flag / 2);
    const free = inRows.filter(({ length }) => length < most);
    const row = free.find((each) => own - flag / 2 >= endOf(each)) ?? free.sort((a, b) => endOf(a) - endOf(b))[0];
    row?.push({ mark, atX, x: Math.max(own, endOf(row) + flag / 2), row: inRows.indexOf(row) });
  }
  return inRows
    .flatMap((row) => pushedBack(row, flag, to))
    .sort(
      (a, b) =>
        a.atX - b.atX || inside.findIndex(([mark]) => mark === a.mark) - inside.findIndex(([mark]) => mark === b.mark),
    );
}

/** A row whose last flag would stand beyond the end is pushed together from there. */
function pushedBack<Mark>(row: readonly PlacedMark<Mark>[], flag: number, to: number): readonly PlacedMark<Mark>[] {
  let most = to - flag / 2;
  return row.toReversed().map((placed) => {
    const x = Math.min(placed.x, most);
    most = x - flag;
    return { ...placed, x };
  });
}
