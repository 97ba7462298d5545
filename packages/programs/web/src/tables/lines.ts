/** A line of a table: a row, or the heading of a group. */
export type Line<Row> =
  | { readonly is: 'row'; readonly row: Row; readonly index: number }
  | { readonly is: 'group'; readonly name: string; readonly count: number };

/** Returns the lines of a table: rows grouped, groups in order of their first row. */
export function linesOf<Row>(rows: readonly Row[], groupOf?: (row: Row) => string): readonly Line<Row>[] {
  if (!groupOf) return rows.map((row, index) => ({ is: 'row', row, index }));
  const groups = new Map<string, Row[]>();
  for (const row of rows) {
    const name = groupOf(row);
    const members = groups.get(name);
    if (members) members.push(row);
    else groups.set(name, [row]);
  }
  let index = 0;
  return [...groups].flatMap(([name, members]): Line<Row>[] => [
    { is: 'group', name, count: members.length },
    ...members.map((row): Line<Row> => ({ is: 'row', row, index: index++ })),
  ]);
}
