import type { SearchHit } from './search-results.ts';

const RECENT = 'medkit.found';
const MAX_RECENT = 6;

/**
 * Returns the recent search targets of this tab, latest first. Kept per tab, so that names of a robot are not stored
 * longer.
 */
export function recentSearches(): readonly SearchHit[] {
  const stored = sessionStorage.getItem(RECENT);
  return stored === null ? [] : JSON.parse(stored);
}

/** Stores a visited search target. */
export function rememberSearchHit(item: SearchHit): void {
  const others = recentSearches().filter(({ address }) => address !== item.address);
  const recent = [{ ...item, kind: 'recent' as const }, ...others].slice(0, MAX_RECENT);
  sessionStorage.setItem(RECENT, JSON.stringify(recent));
}
