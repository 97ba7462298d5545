import type { ReactNode } from 'react';

/** A column of a table. */
export interface Column<Row> {
  readonly id: string;
  readonly title: string;
  readonly cell: (row: Row) => ReactNode;
  /** Sort key of a row; a column without it cannot be sorted. */
  readonly sortBy?: (row: Row) => number | string | null | undefined;
  /** CSS width; columns without it share the remaining width. */
  readonly width?: string;
  readonly className?: string;
  /** True for a column that is hidden on phones. */
  readonly isWideOnly?: boolean;
  /** Text below the cell on phones, in place of the hidden columns. */
  readonly under?: (row: Row) => string;
}

/** Sort column and direction. */
export interface Sorting {
  readonly column: string;
  readonly descending: boolean;
}

/** Parses the sorting from the URL: `since` ascending, `-since` descending. */
export function sortingOf(text: string | null): Sorting | undefined {
  if (!text) return undefined;
  return text.startsWith('-') ? { column: text.slice(1), descending: true } : { column: text, descending: false };
}

/** Returns the sorting after a click on a title: ascending, descending, then unsorted. */
export function sortingAfter(column: string, now: Sorting | undefined): Sorting | undefined {
  if (now?.column !== column) return { column, descending: false };
  return now.descending ? undefined : { column, descending: true };
}

const collator = new Intl.Collator('en', { numeric: true });

/** Sorts rows by a column. Rows without a value come last in both directions. */
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
