import { useSyncExternalStore } from 'react';
import { type Place, placeAt, type Search } from './pages.ts';

const listeners = new Set<() => void>();

function tell(): void {
  for (const listener of listeners) listener();
}

function subscribe(listener: () => void): () => void {
  if (listeners.size === 0) window.addEventListener('popstate', tell);
  listeners.add(listener);
  return () => {
    listeners.delete(listener);
    if (listeners.size === 0) window.removeEventListener('popstate', tell);
  };
}

/**
 * Goes to an address of these pages. With `replace` it takes the place of the present one, so that Back does not stop at it: for
 * what changes while somebody looks, such as a cursor.
 */
export function goTo(address: string, { replace = false } = {}): void {
  if (replace) history.replaceState(history.state, '', address);
  else history.pushState(null, '', address);
  tell();
  if (!replace) scrollTo(0, 0);
}

const pathNow = () => location.pathname;
const searchNow = () => location.search;

/** Where somebody is; `undefined` where there is no page. */
export function usePlace(): Place | undefined {
  return placeAt(useSyncExternalStore(subscribe, pathNow));
}

/** What stands behind `?` now. */
export function useSearch(): URLSearchParams {
  return new URLSearchParams(useSyncExternalStore(subscribe, searchNow));
}

/** Changes what stands behind `?` of the present page; `undefined` takes it out. */
export function changeSearch(changes: Search, { replace = true } = {}): void {
  const search = new URLSearchParams(location.search);
  for (const [name, value] of Object.entries(changes)) {
    if (value === undefined || value === '') search.delete(name);
    else search.set(name, String(value));
  }
  const query = search.toString();
  goTo(`${location.pathname}${query === '' ? '' : `?${query}`}`, { replace });
}
