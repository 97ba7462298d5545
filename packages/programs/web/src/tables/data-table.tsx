import { type KeyboardEvent, useCallback, useMemo, useRef, useState } from 'react';
import { useKeys } from '../keys/single-keys.ts';
import { changeSearch, goTo, useSearch } from '../routes/location.ts';
import { type Column, type Sorting, sorted, sortingOf } from './columns.ts';
import { linesOf } from './lines.ts';
import { type ListPosition, leaveList } from './list-return.ts';
import { type RowSelection, toggled } from './row-selection.ts';
import { rowAfterKey } from './row-window.ts';
import { TableHead } from './table-head.tsx';
import { TableLines } from './table-lines.tsx';
import './tables.css';
import { useFocusedRow } from './use-focused-row.ts';
import { useFollowEnd } from './use-follow-end.ts';
import { useIsNarrow } from './use-is-narrow.ts';
import { useListPlace } from './use-list-place.ts';
import { useRowWindow } from './use-row-window.ts';

/** Tables up to this number of lines are rendered completely; longer tables render only visible lines. */
const PLAIN_LINES = 100;

interface DataTableProps<Row> {
  readonly label: string;
  readonly rows: readonly Row[];
  readonly keyOf: (row: Row) => string;
  /** Must be memoized: rows render again whenever the columns change. */
  readonly columns: readonly Column<Row>[];
  /** Returns the page of a row, or `undefined` if it has none. */
  readonly hrefOf?: (row: Row) => string | undefined;
  readonly onOpen?: (row: Row) => void;
  /** Returns the group heading of a row. */
  readonly groupOf?: ((row: Row) => string) | undefined;
  readonly selection?: RowSelection<Row> | undefined;
  /** True for the main list of a page: it handles keys globally and restores its state on return. One per page. */
  readonly isMain?: boolean;
  /** Rows are appended, and the newest stays visible. */
  readonly followsEnd?: boolean;
  readonly emptyText: string;
  /** Maximum height of a long list, as a CSS length. */
  readonly height?: string;
}

/** A table of any length with rows of equal height. Keys: j, k, arrows, Home, End, PageUp, PageDown, Enter, x. */
export function DataTable<Row>(props: DataTableProps<Row>) {
  return props.rows.length === 0 ? <p className="table-empty soft">{props.emptyText}</p> : <FilledTable {...props} />;
}

const NO_KEYS: readonly string[] = [];

function FilledTable<Row>(props: DataTableProps<Row>) {
  const {
    label,
    rows,
    keyOf,
    columns: all,
    hrefOf,
    onOpen,
    groupOf,
    selection,
    isMain = false,
    followsEnd = false,
    height,
  } = props;
  const box = useRef<HTMLDivElement>(null);
  const [sorting, sort] = useSorting(isMain);
  const isNarrow = useIsNarrow();
  const columns = useMemo(() => (isNarrow ? all.filter(({ isWideOnly }) => !isWideOnly) : all), [isNarrow, all]);

  const lines = useMemo(() => linesOf(sorted(rows, all, sorting), groupOf), [rows, all, sorting, groupOf]);
  const lineOfRow = useMemo(() => lines.flatMap((line, at) => (line.is === 'row' ? [at] : [])), [lines]);
  const isWhole = !followsEnd && lines.length <= PLAIN_LINES;
  const visible = useRowWindow(box, lines.length, isWhole);
  const focus = useFocusedRow({ box, lines, lineOfRow, keyOf, isWhole, show: visible.show });
  const { key: focusedKey, index: focused, rowRef: focusedRow, focusRow, setKey: setFocusedKey } = focus;

  const place = useCallback(
    (): ListPosition => ({ key: focusedKey, top: box.current?.scrollTop ?? 0, pageTop: scrollY }),
    [focusedKey],
  );
  const restore = ({ key, top, pageTop }: ListPosition): void => {
    visible.scrollTo(top);
    scrollTo(0, pageTop);
    const index = focus.rowOf(key);
    if (index >= 0) focusRow(index);
  };
  useListPlace(isMain && !followsEnd, box, place, restore);
  const keys = useMemo(() => (followsEnd ? rows.map(keyOf) : NO_KEYS), [followsEnd, rows, keyOf]);
  const atEnd = useFollowEnd(followsEnd, box, keys, visible.scrollTo, visible.height);

  const leave = useCallback(
    (key: string) => isMain && leaveList({ key, top: box.current?.scrollTop ?? 0, pageTop: scrollY }),
    [isMain],
  );
  const open = useCallback(
    (row: Row) => {
      leave(keyOf(row));
      const href = hrefOf?.(row);
      if (href !== undefined) goTo(href);
      else onOpen?.(row);
    },
    [leave, keyOf, hrefOf, onOpen],
  );
  const toggle = useCallback((key: string) => selection?.onSelect(toggled(selection.selected, key)), [selection]);
  const handle = (key: string): boolean => {
    const line = lines[lineOfRow[focused] ?? -1];
    if (key === 'Enter' && line?.is === 'row') open(line.row);
    else if (key === 'x' && selection && line?.is === 'row') toggle(keyOf(line.row));
    else {
      const next = rowAfterKey(key, focused, lineOfRow.length, isWhole ? 10 : visible.rowsInPage);
      if (next === undefined) return false;
      focusRow(next);
    }
    return true;
  };
  const handleKey = (event: KeyboardEvent<HTMLElement>): void => {
    const isWithin = (event.target as HTMLElement).closest('a, button, input, thead') !== null;
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || isWithin) return;
    if (handle(event.key)) event.preventDefault();
  };
  useKeys(({ key, target }) => isMain && !(key === 'Enter' && isControl(target)) && handle(key));
  const scrolled = (): void => {
    visible.onScroll();
    atEnd();
    focus.keepInView();
  };

  const selectable = selection && rows.map(keyOf);
  const isAll = selectable?.every((key) => selection!.selected.has(key)) === true;
  const span = columns.length + (selection ? 1 : 0);
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: receives the keys for a row that was scrolled out of view.
    <div
      ref={box}
      className={isWhole ? 'table-box' : 'table-box table-long'}
      style={isWhole || height === undefined ? undefined : { maxHeight: height }}
      {...(!isWhole && { tabIndex: -1 })}
      onScroll={scrolled}
      onKeyDown={handleKey}
    >
      {/* biome-ignore lint/a11y/noNoninteractiveElementToInteractiveRole: rows are navigated by keyboard, as in a
          grid. */}
      <table className="table" role="grid" aria-label={label} aria-rowcount={lines.length + 1}>
        <TableHead
          columns={columns}
          sorting={sorting}
          onSort={sort}
          all={selection && { isChecked: isAll, onChange: () => selection.onSelect(new Set(isAll ? [] : selectable)) }}
        />
        <tbody>
          {visible.before > 0 && <Gap height={visible.before} span={span} />}
          <TableLines
            lines={lines.slice(visible.first, visible.end)}
            first={visible.first}
            {...{ columns, span, keyOf, hrefOf, focusedKey, focusedRow, selection }}
            hasFocus={focused >= 0}
            canOpen={onOpen !== undefined}
            onFocus={setFocusedKey}
            onLeave={leave}
            onOpen={open}
            onToggle={toggle}
          />
          {visible.after > 0 && <Gap height={visible.after} span={span} />}
        </tbody>
      </table>
    </div>
  );
}

/** Returns whether Enter acts on the element itself. */
function isControl(target: EventTarget | null): boolean {
  return target instanceof Element && target.closest('a, button, input, summary') !== null;
}

/** Fills the space of rows that are not rendered. */
function Gap({ height, span }: { readonly height: number; readonly span: number }) {
  return (
    // biome-ignore lint/a11y/noAriaHiddenOnFocusable: the row cannot be focused.
    <tr aria-hidden="true" className="table-gap">
      <td colSpan={span} style={{ height }} />
    </tr>
  );
}

/** Returns the sorting of the table; the main list of a page stores it in the URL. */
function useSorting(isMain: boolean) {
  const search = useSearch();
  const [chosen, setChosen] = useState<Sorting>();
  const text = search.get('sort');
  const ofAddress = useMemo(() => sortingOf(text), [text]);
  const sort = (sorting: Sorting | undefined): void => {
    if (!isMain) setChosen(sorting);
    else changeSearch({ sort: sorting && `${sorting.descending ? '-' : ''}${sorting.column}` });
  };
  return [isMain ? ofAddress : chosen, sort] as const;
}
