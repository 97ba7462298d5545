import { type RefObject, useCallback, useLayoutEffect, useState } from 'react';
import { rowWindow, topThatShows } from './row-window.ts';

const USUAL_ROW_PX = 36;

/** How high rows are, as the style sheet says it for this page: known before the first is drawn. */
function rowHeightNow(): number {
  const told = getComputedStyle(document.documentElement).getPropertyValue('--table-row');
  return Number.parseFloat(told) || USUAL_ROW_PX;
}

/** What is seen of the rows in a box: below the titles, which stay where they are. */
function heightNow(box: HTMLElement): number {
  return Math.max(0, box.clientHeight - (box.querySelector('thead')?.offsetHeight ?? 0));
}

/** Which lines of a table are drawn while its box is scrolled; all of them where it is `isWhole`. */
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
    /** Hears that the box was scrolled. */
    heard: useCallback(() => setTop(box.current?.scrollTop ?? 0), [box]),
    scrollTo,
    /** Scrolls so far that a line is seen. */
    show: (line: number): void => {
      const element = box.current;
      if (isWhole || !element) return;
      scrollTo(topThatShows(line, { rowHeight, top: element.scrollTop, height: heightNow(element) }));
    },
  };
}
