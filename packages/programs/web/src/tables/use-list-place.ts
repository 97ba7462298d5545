import { type RefObject, useEffect, useLayoutEffect, useRef } from 'react';
import { useSearch } from '../routes/location.ts';
import { keepListPlace, keptListPlace, type ListPlace } from './list-return.ts';

/** Scrolling is kept when it has come to rest: browsers allow but so many changes of the history. */
const REST_MS = 200;

/**
 * Keeps the place in the list of a page with the history of the browser, and gives it to `restore` when somebody comes back to it.
 * `place` says what it is now. A table that is not the list of its page takes no part.
 */
export function useListPlace(
  isMain: boolean,
  box: RefObject<HTMLDivElement | null>,
  place: () => ListPlace,
  restore: (place: ListPlace) => void,
): void {
  const address = useSearch().toString();
  const restored = useRef<string>(undefined);
  useLayoutEffect(() => {
    if (!isMain || restored.current === address) return;
    restored.current = address;
    const kept = keptListPlace();
    if (kept) restore(kept);
  });
  useEffect(() => {
    const element = box.current;
    if (!isMain || !element) return;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const keep = (): void => {
      clearTimeout(timer);
      timer = setTimeout(() => keepListPlace(place()), REST_MS);
    };
    element.addEventListener('scroll', keep, { passive: true });
    addEventListener('scroll', keep, { passive: true });
    return () => {
      clearTimeout(timer);
      element.removeEventListener('scroll', keep);
      removeEventListener('scroll', keep);
    };
  }, [isMain, box, place]);
}
