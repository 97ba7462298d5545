import { addressOf, placeAt } from './pages.ts';

const HERE = 'http://page.invalid';

/**
 * Where somebody goes on who has signed in: where they were before. What stands in an address may be of anybody: what is none of
 * these pages, or is the page where one signs in, is the home page.
 */
export function nextPlace(next: string | null): string {
  const home = addressOf('home', {});
  if (next === null || !URL.canParse(next, HERE)) return home;
  const { origin, pathname, search } = new URL(next, HERE);
  const place = origin === HERE ? placeAt(pathname) : undefined;
  return place === undefined || place.page === 'sign-in' ? home : pathname + search;
}

/** The address where one signs in, to come back to `here` afterwards: the path of a page, with what stands behind `?`. */
export function signInAddress(here: string): string {
  const next = nextPlace(here);
  return addressOf('sign-in', {}, { next: next === '/' ? undefined : next });
}
