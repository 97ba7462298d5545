import { type RefObject, useEffect, useLayoutEffect, useRef } from 'react';
import { useSearch } from '../routes/location.ts';
import { type ListPosition, storedListPosition, storeListPosition } from './list-return.ts';

/** Pause after scrolling before the position is stored: browsers limit the rate of history changes. */
const REST_MS = 200;

/**
 * Stores the position of the main list in the history, and passes it to `restore` when the user returns. `place`
 * returns the current position. Does nothing for other tables.
 */
export function useListPlace(
  isMain: boolean,
  box: RefObject<HTMLDivElement | null>,
  place: () => ListPosition,
  restore: (place: ListPosition) => void,
): void {
  const address = useSearch().toString();
  const restored = useRef<string>(undefined);
  useLayoutEffect(() => {
    if (!isMain || restored.current === address) return;
    restored.current = address;
    const stored = storedListPosition();
    if (stored) restore(stored);
  });
  useEffect(() => {
    const element = box.current;
    if (!isMain || !element) return;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const keep = (): void => {
      clearTimeout(timer);
      timer = setTimeout(() => storeListPosition(place()), REST_MS);
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
