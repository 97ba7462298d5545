import { useSyncExternalStore } from 'react';
import { BASE_PATH } from './base-path.ts';
import { type Place, placeAt, type Search } from './pages.ts';
import { hasUnsaved } from './unsaved.ts';

const listeners = new Set<() => void>();
/** The last reported location. After Back, the URL has already changed when the event arrives. */
let here = placeNow();
/** Continues the navigation that is waiting for confirmation; `undefined` if none is. */
let leaving: (() => void) | undefined;
let isLeft = false;
/** True after a navigation to another page until its heading takes the focus. */
let isFocusDue = false;

function placeNow() {
  return { path: location.pathname, address: location.href, state: history.state as unknown };
}

function notify(): void {
  const before = here.path;
  here = placeNow();
  if (here.path !== before) requestFocus();
  for (const listener of listeners) listener();
}

function onPopState(): void {
  if (isLeft || location.pathname === here.path || !hasUnsaved()) {
    isLeft = false;
    notify();
    return;
  }
  history.pushState(here.state, '', here.address);
  askBefore(() => history.back());
}

function subscribe(listener: () => void): () => void {
  if (listeners.size === 0) {
    here = placeNow();
    window.addEventListener('popstate', onPopState);
  }
  listeners.add(listener);
  return () => {
    listeners.delete(listener);
    if (listeners.size === 0) window.removeEventListener('popstate', onPopState);
  };
}

function askBefore(next: (() => void) | undefined): void {
  leaving = next;
  for (const listener of listeners) listener();
}

const leavingNow = () => leaving;

/**
 * Returns the actions of the dialog that asks before leaving unsaved changes, or `undefined` if no navigation is
 * waiting.
 */
export function useLeaveConfirmation(): { readonly leave: () => void; readonly stay: () => void } | undefined {
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

/** Lets the next heading that is rendered take the focus. */
export function requestFocus(): void {
  isFocusDue = true;
}

/** Returns whether a heading should take the focus: once after each navigation to another page. */
export function takeFocusRequest(): boolean {
  const isDue = isFocusDue;
  isFocusDue = false;
  return isDue;
}

/**
 * Navigates to an address of these pages. Asks first if a form has unsaved changes. With `replace`, replaces the
 * history entry, for frequent changes such as a cursor.
 */
export function goTo(address: string, { replace = false } = {}): void {
  const go = (): void => {
    isLeft = false;
    if (replace) history.replaceState(history.state, '', BASE_PATH + address);
    else history.pushState(null, '', BASE_PATH + address);
    notify();
    if (!replace) scrollTo(0, 0);
  };
  if (hasUnsaved() && new URL(address, location.href).pathname !== currentPath()) askBefore(go);
  else go();
}

/** Returns the path of the current page, as `addressOf` builds it. */
export const currentPath = (): string => location.pathname.slice(BASE_PATH.length);
const searchNow = () => location.search;

/** The current page with its parameters, or `undefined` if the path has no page. */
export function usePlace(): Place | undefined {
  return placeAt(useSyncExternalStore(subscribe, currentPath));
}

/** The query parameters of the current page. */
export function useSearch(): URLSearchParams {
  return new URLSearchParams(useSyncExternalStore(subscribe, searchNow));
}

/** Changes query parameters of the current page; `undefined` removes one. */
export function changeSearch(changes: Search, { replace = true } = {}): void {
  const search = new URLSearchParams(location.search);
  for (const [name, value] of Object.entries(changes)) {
    if (value === undefined || value === '') search.delete(name);
    else search.set(name, String(value));
  }
  const query = search.toString();
  goTo(`${currentPath()}${query === '' ? '' : `?${query}`}`, { replace });
}
