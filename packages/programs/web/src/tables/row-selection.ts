/** The rows that are selected, by key, and whoever hears of a change. */
export interface RowSelection<Row> {
  readonly selected: ReadonlySet<string>;
  readonly onSelect: (selected: ReadonlySet<string>) => void;
  /** What a row is called: `Select NAVIGATION_GOAL_ABORTED`. */
  readonly nameOf: (row: Row) => string;
}

/** The selection with one row in it or out of it. */
export function toggled(selected: ReadonlySet<string>, key: string): ReadonlySet<string> {
  const next = new Set(selected);
  if (!next.delete(key)) next.add(key);
  return next;
}
