import { useCallback, useEffect } from 'react';
import { isTyping } from '../keys/single-keys.ts';
import { goTo, pathNow } from '../routes/location.ts';

const LIST = 'medkit.list';

/** Where somebody was in a list: the row that had the focus, and how far list and page were scrolled, CSS pixels. */
export interface ListPlace {
  readonly key?: string | undefined;
  readonly top: number;
  readonly pageTop: number;
}

/** Keeps the place in the list that is shown with its entry in the history of the browser: Back finds it there. */
export function keepListPlace(place: ListPlace): void {
  history.replaceState({ ...history.state, list: place }, '');
}

/** The place that was kept of the list that is shown; `undefined` where it is entered for the first time. */
export function keptListPlace(): ListPlace | undefined {
  return history.state?.list;
}

/** Remembers the list that a row is opened from, for `useBackToList` on the page of that row. */
export function leaveList(place: ListPlace): void {
  keepListPlace(place);
  sessionStorage.setItem(LIST, JSON.stringify({ address: `${pathNow()}${location.search}`, place }));
}

function leftList(): { readonly address: string; readonly place: ListPlace } | undefined {
  const kept = sessionStorage.getItem(LIST);
  return kept === null ? undefined : JSON.parse(kept);
}

/**
 * Lets Escape lead back to the list that this page was opened from, its row focused as before; to `address` where it was opened
 * from another list or none. What it gives does the same for a link.
 */
export function useBackToList(address: string): () => void {
  const back = useCallback(() => {
    const left = leftList();
    const isOfThis = left !== undefined && left.address.split('?')[0] === address.split('?')[0];
    goTo(isOfThis ? left.address : address);
    if (isOfThis) keepListPlace(left.place);
  }, [address]);
  useEffect(() => {
    const hear = (event: KeyboardEvent): void => {
      if (event.key !== 'Escape' || event.defaultPrevented || isTyping(event)) return;
      event.preventDefault();
      back();
    };
    addEventListener('keydown', hear);
    return () => removeEventListener('keydown', hear);
  }, [back]);
  return back;
}
