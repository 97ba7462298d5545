import type { ReactNode } from 'react';

/** A column of a table. */
export interface Column<Row> {
  readonly id: string;
  readonly title: string;
  readonly cell: (row: Row) => ReactNode;
  /** What the rows are sorted by when its title is clicked; a column without cannot be sorted by. */
  readonly sortBy?: (row: Row) => number | string | null | undefined;
  /** Width as CSS takes it; columns without share what is left. */
  readonly width?: string;
  readonly className?: string;
  /** A column that a phone has no room for. */
  readonly isWideOnly?: boolean;
  /** Below the cell on a phone, for what the columns that are left out say. */
  readonly under?: (row: Row) => string;
}

/** By which column a table is sorted, and whether the greatest comes first. */
export interface Sorting {
  readonly column: string;
  readonly descending: boolean;
}

/** As it stands in an address: `since`, `-since` for the greatest first. */
export function sortingOf(text: string | null): Sorting | undefined {
  if (!text) return undefined;
  return text.startsWith('-') ? { column: text.slice(1), descending: true } : { column: text, descending: false };
}

/** The next sorting after a click on a title: upwards, downwards, as they came. */
export function sortingAfter(column: string, now: Sorting | undefined): Sorting | undefined {
  if (now?.column !== column) return { column, descending: false };
  return now.descending ? undefined : { column, descending: true };
}

const collator = new Intl.Collator('en', { numeric: true });

/** The rows in the order of a column; those without a value come last, whichever way. */
export function sorted<Row>(
  rows: readonly Row[],
  columns: readonly Column<Row>[],
  sorting: Sorting | undefined,
): readonly Row[] {
  const sortBy = columns.find(({ id }) => id === sorting?.column)?.sortBy;
  if (!sortBy || !sorting) return rows;
  const sign = sorting.descending ? -1 : 1;
  const keyed = rows.map((row) => ({ row, key: sortBy(row) ?? undefined }));
  keyed.sort((one, other) => {
    if (one.key === undefined || other.key === undefined)
      return Number(one.key === undefined) - Number(other.key === undefined);
    if (typeof one.key === 'number' && typeof other.key === 'number') return sign * (one.key - other.key);
    return sign * collator.compare(String(one.key), String(other.key));
  });
  return keyed.map(({ row }) => row);
}
