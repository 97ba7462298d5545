/** The keys of the selected rows, with a callback for changes. */
export interface RowSelection<Row> {
  readonly selected: ReadonlySet<string>;
  readonly onSelect: (selected: ReadonlySet<string>) => void;
  /** Returns the accessible name of a row: `Select NAVIGATION_GOAL_ABORTED`. */
  readonly nameOf: (row: Row) => string;
}

/** Returns the selection with one row added or removed. */
export function toggled(selected: ReadonlySet<string>, key: string): ReadonlySet<string> {
  const next = new Set(selected);
  if (!next.delete(key)) next.add(key);
  return next;
}
