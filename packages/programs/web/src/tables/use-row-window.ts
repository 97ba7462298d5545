import { type RefObject, useCallback, useLayoutEffect, useState } from 'react';
import { rowWindow, scrollTopFor } from './row-window.ts';

const USUAL_ROW_PX = 36;

/** Returns the row height from the style sheet, which is known before the first row is rendered. */
function rowHeightNow(): number {
  const height = getComputedStyle(document.documentElement).getPropertyValue('--table-row');
  return Number.parseFloat(height) || USUAL_ROW_PX;
}

/** Returns the visible height of the rows in a box, below the sticky titles. */
function heightNow(box: HTMLElement): number {
  return Math.max(0, box.clientHeight - (box.querySelector('thead')?.offsetHeight ?? 0));
}

/** Returns the lines to render for the scroll position of the box; all lines if `isWhole`. */
export function useRowWindow(box: RefObject<HTMLDivElement | null>, count: number, isWhole: boolean) {
  const [size, setSize] = useState(() => ({ rowHeight: rowHeightNow(), height: 0 }));
  const [top, setTop] = useState(0);
  useLayoutEffect(() => {
    const element = box.current;
    if (isWhole || !element) return;
    const measure = (): void => setSize({ rowHeight: rowHeightNow(), height: heightNow(element) });
    const observer = new ResizeObserver(measure);
    observer.observe(element);
    measure();
    return () => observer.disconnect();
  }, [box, isWhole]);

  const scrollTo = useCallback(
    (wanted: number) => {
      if (!box.current) return;
      box.current.scrollTop = wanted;
      setTop(box.current.scrollTop);
    },
    [box],
  );
  const { rowHeight, height } = size;
  return {
    ...(isWhole ? { first: 0, end: count, before: 0, after: 0 } : rowWindow(count, { rowHeight, top, height })),
    height,
    rowsInPage: Math.max(1, Math.floor(height / rowHeight) - 1),
    /** Handles scrolling of the box. */
    onScroll: useCallback(() => setTop(box.current?.scrollTop ?? 0), [box]),
    scrollTo,
    /** Scrolls a line into view. */
    show: (line: number): void => {
      const element = box.current;
      if (isWhole || !element) return;
      scrollTo(scrollTopFor(line, { rowHeight, top: element.scrollTop, height: heightNow(element) }));
    },
  };
}
