import { addressOf, placeAt } from './pages.ts';

const HERE = 'http://page.invalid';

/**
 * Returns the page to show after signing in. The URL parameter is untrusted: anything but a page of this application,
 * and the sign-in page itself, leads to the home page.
 */
export function returnPage(next: string | null): string {
  const home = addressOf('home', {});
  if (next === null || !URL.canParse(next, HERE)) return home;
  const { origin, pathname, search } = new URL(next, HERE);
  const place = origin === HERE ? placeAt(pathname) : undefined;
  return place === undefined || place.page === 'sign-in' ? home : pathname + search;
}

/** Returns the address of the sign-in page with a return to `here`, a path with query. */
export function signInAddress(here: string): string {
  const next = returnPage(here);
  return addressOf('sign-in', {}, { next: next === '/' ? undefined : next });
}
