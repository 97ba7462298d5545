/** Which rows of a long list are in the page, and how much room those before and behind them take, in CSS pixels. */
export interface RowWindow {
  readonly first: number;
  readonly end: number;
  readonly before: number;
  readonly after: number;
}

interface Scrolled {
  /** Height of one row; all are the same. */
  readonly rowHeight: number;
  /** How far the list is scrolled. */
  readonly top: number;
  /** How much of it is seen. */
  readonly height: number;
}

/** Rows beyond each edge, so that none is missing while somebody scrolls slowly. */
const SPARE = 1;

/** The rows that are seen, with one to spare at each edge. */
export function rowWindow(count: number, { rowHeight, top, height }: Scrolled): RowWindow {
  const seen = Math.ceil(height / rowHeight) + 1;
  const first = Math.max(0, Math.min(Math.floor(top / rowHeight), count - seen) - SPARE);
  const end = Math.min(count, first + seen + 2 * SPARE);
  return { first, end, before: first * rowHeight, after: (count - end) * rowHeight };
}

/** Where the list has to be scrolled to for a row to be seen whole: no further than needed. */
export function topThatShows(row: number, { rowHeight, top, height }: Scrolled): number {
  const upper = row * rowHeight;
  const lower = upper + rowHeight - height;
  return Math.max(0, Math.min(upper, Math.max(lower, top)));
}

/** The row that a key moves the focus to, `at` being where it is, -1 for nowhere; `undefined` for a key that moves nothing. */
export function rowAfterKey(key: string, at: number, count: number, rowsInPage: number): number | undefined {
  if (count === 0) return undefined;
  const within = (row: number): number => Math.max(0, Math.min(count - 1, row));
  switch (key) {
    case 'j':
    case 'ArrowDown':
      return within(at + 1);
    case 'k':
    case 'ArrowUp':
      return within(at - 1);
    case 'PageDown':
      return within(at + rowsInPage);
    case 'PageUp':
      return within(at - rowsInPage);
    case 'Home':
      return 0;
    case 'End':
      return count - 1;
    default:
      return undefined;
  }
}
