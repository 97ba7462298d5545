import { useCallback, useEffect } from 'react';
import { isTyping } from '../keys/single-keys.ts';
import { currentPath, goTo } from '../routes/location.ts';

const LIST = 'medkit.list';

/** Position in a list: the focused row, and the scroll offsets of list and page in CSS pixels. */
export interface ListPosition {
  readonly key?: string | undefined;
  readonly top: number;
  readonly pageTop: number;
}

/** Stores the position of the current list in its history entry, for Back. */
export function storeListPosition(place: ListPosition): void {
  history.replaceState({ ...history.state, list: place }, '');
}

/** Returns the stored position of the current list, or `undefined` on the first visit. */
export function storedListPosition(): ListPosition | undefined {
  return history.state?.list;
}

/** Stores the list from which a row is opened, for `useBackToList` on the page of that row. */
export function leaveList(place: ListPosition): void {
  storeListPosition(place);
  sessionStorage.setItem(LIST, JSON.stringify({ address: `${currentPath()}${location.search}`, place }));
}

function leftList(): { readonly address: string; readonly place: ListPosition } | undefined {
  const stored = sessionStorage.getItem(LIST);
  return stored === null ? undefined : JSON.parse(stored);
}

/**
 * Makes Escape return to the list that opened this page, with its row focused. Returns to `address` if the page was
 * opened from elsewhere. The returned function does the same for a link.
 */
export function useBackToList(address: string): () => void {
  const back = useCallback(() => {
    const left = leftList();
    const isOfThis = left !== undefined && left.address.split('?')[0] === address.split('?')[0];
    goTo(isOfThis ? left.address : address);
    if (isOfThis) storeListPosition(left.place);
  }, [address]);
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent): void => {
      if (event.key !== 'Escape' || event.defaultPrevented || isTyping(event)) return;
      event.preventDefault();
      back();
    };
    addEventListener('keydown', onKeyDown);
    return () => removeEventListener('keydown', onKeyDown);
  }, [back]);
  return back;
}
