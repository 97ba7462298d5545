import { useEffect, useMemo, useState } from 'react';
import { useRoute } from '../gateway/gateway.ts';
import { IS_HUB } from '../routes/base-path.ts';
import { texts } from '../texts/texts.ts';
import { recentSearches } from './recent-searches.ts';
import {
  findItems,
  grouped,
  issueHits,
  matchingPages,
  otherFaults,
  robotHits,
  type SearchHit,
} from './search-results.ts';

/** Typing pause after which a search is sent. */
const PAUSE_MS = 120;
/** Interval of requests while a reply is incomplete. */
const PARTIAL_MS = 2000;
const MAX_CHARS = 200;
const MAX_FAULTS = 10;
const MAX_ROBOTS = 10;
const MAX_ISSUES = 10;

/** Searches pages of the application, resources of the robot, and robots and issues of a hub while the user types. */
export function useSearchResults(text: string, limit: number) {
  const q = useSettled(text.trim().slice(0, MAX_CHARS), PAUSE_MS);
  const query = useRoute(
    'search',
    { query: { q, limit } },
    // Names of parameters that the gateway is still reading are missing until the next request.
    { enabled: q !== '', everyMs: (found) => (found?.['x-medkit'].partial ? PARTIAL_MS : undefined) },
  );
  // The search does not cover faults of other gateways; the list of faults does.
  const faults = useRoute('listAllFaults', { query: { q, status: 'all', limit: MAX_FAULTS } }, { enabled: q !== '' });
  const robots = useRoute(
    'listFleetRobots',
    { query: { q: q.toLowerCase(), limit: MAX_ROBOTS } },
    { enabled: IS_HUB && q !== '' },
  );
  const issues = useRoute('listFleetIssues', { query: { q, limit: MAX_ISSUES } }, { enabled: IS_HUB && q !== '' });
  const items = useMemo((): readonly SearchHit[] => {
    if (q === '') return [...recentSearches(), ...matchingPages('', texts.shell)];
    const found = findItems(query.data?.items ?? []);
    return [
      ...robotHits(robots.data?.items ?? []),
      ...issueHits(issues.data?.items ?? []),
      ...found,
      ...otherFaults(found, faults.data?.items ?? []),
      ...matchingPages(q, texts.shell),
    ];
  }, [q, query.data, faults.data, robots.data, issues.data]);
  const isPending = query.isPending || faults.isPending || (IS_HUB && (robots.isPending || issues.isPending));
  const isSearching = q !== text.trim() || (q !== '' && isPending);
  // The list stays unchanged until the results are complete: an option must not move or vanish under the pointer.
  const [complete, setComplete] = useState(items);
  if (!isSearching && complete !== items) setComplete(items);
  const visible = isSearching ? complete : items;
  const groups = useMemo(() => grouped(visible), [visible]);
  return {
    /** The words of the results, slightly behind what is typed. */
    q,
    groups,
    /** All results in display order. */
    items: useMemo(() => groups.flatMap((group) => group.items), [groups]),
    about: query.data?.['x-medkit'],
    error: query.error ?? undefined,
    isSearching,
  };
}

function useSettled(value: string, pauseMs: number): string {
  const [settled, settle] = useState(value);
  useEffect(() => {
    const timer = setTimeout(() => settle(value), pauseMs);
    return () => clearTimeout(timer);
  }, [value, pauseMs]);
  return settled;
}
