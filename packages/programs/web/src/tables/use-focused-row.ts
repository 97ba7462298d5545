import { type RefObject, useCallback, useLayoutEffect, useMemo, useRef, useState } from 'react';
import type { linesOf } from './lines.ts';

interface FocusOptions<Row> {
  readonly box: RefObject<HTMLDivElement | null>;
  readonly lines: ReturnType<typeof linesOf<Row>>;
  /** Line of each row. */
  readonly lineOfRow: readonly number[];
  readonly keyOf: (row: Row) => string;
  /** Whether all lines are rendered. */
  readonly isWhole: boolean;
  readonly show: (line: number) => void;
}

/** The row with the focus: `index` is -1 if no row has it. */
export function useFocusedRow<Row>({ box, lines, lineOfRow, keyOf, isWhole, show }: FocusOptions<Row>) {
  const rowRef = useRef<HTMLTableRowElement>(null);
  const wantsFocus = useRef(false);
  const [key, setKey] = useState<string>();
  const rowOf = useCallback(
    (wanted: string | undefined) => lineOfRow.findIndex((at) => keyAt(lines[at], keyOf) === wanted),
    [lines, lineOfRow, keyOf],
  );
  const index = useMemo(() => rowOf(key), [rowOf, key]);
  const focusRow = (row: number): void => {
    const next = keyAt(lines[lineOfRow[row] ?? -1], keyOf);
    if (next === undefined) return;
    setKey(next);
    wantsFocus.current = true;
    show(lineOfRow[row]!);
  };
  useLayoutEffect(() => {
    if (!wantsFocus.current || !rowRef.current) return;
    wantsFocus.current = false;
    rowRef.current.focus({ preventScroll: !isWhole });
  });
  /** If the focused row scrolls out of view, moves the focus to the box, so that keys continue from there. */
  const keepInView = (): void => {
    const { activeElement } = document;
    if (isWhole || activeElement === null || activeElement !== rowRef.current) return;
    if (!isSeen(activeElement, box.current!)) box.current?.focus({ preventScroll: true });
  };
  return { key, setKey, index, rowRef, rowOf, focusRow, keepInView };
}

function keyAt<Row>(line: ReturnType<typeof linesOf<Row>>[number] | undefined, keyOf: (row: Row) => string) {
  return line?.is === 'row' ? keyOf(line.row) : undefined;
}

function isSeen(element: Element, box: Element): boolean {
  const [bounds, seen] = [element.getBoundingClientRect(), box.getBoundingClientRect()];
  return bounds.bottom > seen.top && bounds.top < seen.bottom;
}
