import { useSyncExternalStore } from 'react';
import { BASE_PATH } from './base-path.ts';
import { type Place, placeAt, type Search } from './pages.ts';
import { hasUnsaved } from './unsaved.ts';

const listeners = new Set<() => void>();
/** Where somebody is, as it was told last: Back has changed the address already when it is heard of. */
let here = placeNow();
/** How to go on for somebody who wants to leave what is not saved; `undefined` while nobody does. */
let leaving: (() => void) | undefined;
let isLeft = false;

function placeNow() {
  return { path: location.pathname, address: location.href, state: history.state as unknown };
}

function tell(): void {
  here = placeNow();
  for (const listener of listeners) listener();
}

function hearBack(): void {
  if (isLeft || location.pathname === here.path || !hasUnsaved()) {
    isLeft = false;
    tell();
    return;
  }
  history.pushState(here.state, '', here.address);
  askBefore(() => history.back());
}

function subscribe(listener: () => void): () => void {
  if (listeners.size === 0) {
    here = placeNow();
    window.addEventListener('popstate', hearBack);
  }
  listeners.add(listener);
  return () => {
    listeners.delete(listener);
    if (listeners.size === 0) window.removeEventListener('popstate', hearBack);
  };
}

function askBefore(next: (() => void) | undefined): void {
  leaving = next;
  for (const listener of listeners) listener();
}

const leavingNow = () => leaving;

/** Whether somebody is about to leave what is not saved: what the dialog that asks can do then. */
export function useLeaving(): { readonly leave: () => void; readonly stay: () => void } | undefined {
  const next = useSyncExternalStore(subscribe, leavingNow);
  if (next === undefined) return undefined;
  return {
    leave() {
      askBefore(undefined);
      isLeft = true;
      next();
    },
    stay: () => askBefore(undefined),
  };
}

/**
 * Goes to an address of these pages, after asking where a form of the present one has what would be lost. With `replace` it takes the
 * place of the present one, so that Back does not stop at it: for what changes while somebody looks, such as a cursor.
 */
export function goTo(address: string, { replace = false } = {}): void {
  const go = (): void => {
    isLeft = false;
    if (replace) history.replaceState(history.state, '', BASE_PATH + address);
    else history.pushState(null, '', BASE_PATH + address);
    tell();
    if (!replace) scrollTo(0, 0);
  };
  if (hasUnsaved() && new URL(address, location.href).pathname !== pathNow()) askBefore(go);
  else go();
}

/** The path of the present page, as `addressOf` makes it. */
export const pathNow = (): string => location.pathname.slice(BASE_PATH.length);
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
  goTo(`${pathNow()}${query === '' ? '' : `?${query}`}`, { replace });
}
