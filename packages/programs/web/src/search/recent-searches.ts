import type { SearchHit } from './search-results.ts';

const RECENT = 'medkit.found';
const MAX_RECENT = 6;

/** What was gone to lately in this tab, the latest first; names of a robot are not kept longer than that. */
export function recentFinds(): readonly SearchHit[] {
  const kept = sessionStorage.getItem(RECENT);
  return kept === null ? [] : JSON.parse(kept);
}

/** Remembers that somebody went there. */
export function rememberFind(item: SearchHit): void {
  const others = recentFinds().filter(({ address }) => address !== item.address);
  const recent = [{ ...item, kind: 'recent' as const }, ...others].slice(0, MAX_RECENT);
  sessionStorage.setItem(RECENT, JSON.stringify(recent));
}
