import { type RefObject, useLayoutEffect, useRef } from 'react';

/** Distance to the end, CSS pixels, within which the list counts as scrolled to the end. */
const NEAR_PX = 40;

/**
 * Keeps the newest row visible while rows are appended. If the user has scrolled up, keeps the current rows in place
 * even when rows are removed at the start. Returns the scroll handler of the box.
 */
export function useFollowEnd(
  isFollowing: boolean,
  box: RefObject<HTMLDivElement | null>,
  keys: readonly string[],
  scrollTo: (top: number) => void,
  /** Visible height of the list, known after the first render. */
  height: number,
): () => void {
  const isAtEnd = useRef(true);
  const before = useRef<readonly string[]>([]);
  const first = keys[0];
  const last = keys.at(-1);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the end keys and the height show every change.
  useLayoutEffect(() => {
    const element = box.current;
    if (!isFollowing || !element) return;
    if (isAtEnd.current) scrollTo(element.scrollHeight);
    else if (first !== undefined) {
      const gone = before.current.indexOf(first);
      const rowHeight = element.querySelector<HTMLElement>('.table-row')?.offsetHeight ?? 0;
      if (gone > 0) scrollTo(element.scrollTop - gone * rowHeight);
    }
    before.current = keys;
  }, [isFollowing, first, last, height]);
  return () => {
    const element = box.current;
    if (element) isAtEnd.current = element.scrollTop + element.clientHeight >= element.scrollHeight - NEAR_PX;
  };
}
