/** The rendered rows of a long list, and the height of the rows before and after them in CSS pixels. */
export interface RowWindow {
  readonly first: number;
  readonly end: number;
  readonly before: number;
  readonly after: number;
}

interface Scrolled {
  /** Height of every row. */
  readonly rowHeight: number;
  /** Scroll offset of the list. */
  readonly top: number;
  /** Visible height of the list. */
  readonly height: number;
}

/** Extra rows beyond each edge, so that slow scrolling shows no gap. */
const SPARE = 1;

/** Returns the visible rows plus `SPARE` rows at each edge. */
export function rowWindow(count: number, { rowHeight, top, height }: Scrolled): RowWindow {
  const seen = Math.ceil(height / rowHeight) + 1;
  const first = Math.max(0, Math.min(Math.floor(top / rowHeight), count - seen) - SPARE);
  const end = Math.min(count, first + seen + 2 * SPARE);
  return { first, end, before: first * rowHeight, after: (count - end) * rowHeight };
}

/** Returns the scroll offset at which a row is fully visible, scrolling no further than needed. */
export function scrollTopFor(row: number, { rowHeight, top, height }: Scrolled): number {
  const upper = row * rowHeight;
  const lower = upper + rowHeight - height;
  return Math.max(0, Math.min(upper, Math.max(lower, top)));
}

/** Returns the row to which a key moves the focus from row `at` (-1 for none), or `undefined` for other keys. */
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
