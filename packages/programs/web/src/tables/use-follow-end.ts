import { type RefObject, useLayoutEffect, useRef } from 'react';

/** Nearer to the end than this, CSS pixels, somebody is at the end. */
const NEAR_PX = 40;

/**
 * Keeps the newest row of a list in sight while rows come at its end. Who has scrolled up stays with what they read, also when rows
 * go at the beginning. Gives what has to hear that the box was scrolled.
 */
export function useFollowEnd(
  isFollowing: boolean,
  box: RefObject<HTMLDivElement | null>,
  keys: readonly string[],
  scrollTo: (top: number) => void,
  /** How much of the list is seen: known once it was drawn. */
  height: number,
): () => void {
  const isAtEnd = useRef(true);
  const before = useRef<readonly string[]>([]);
  const first = keys[0];
  const last = keys.at(-1);
  // biome-ignore lint/correctness/useExhaustiveDependencies: only the ends of the list tell that rows came or went, and its height that more is seen.
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
