import type { FleetEvidence, FleetEvidenceList } from '@medkit/contract';
import { keepPreviousData, useInfiniteQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { gateway } from '../gateway/gateway.ts';
import { validateReply } from '../gateway/validate-reply.ts';
import { isFeatureOff } from '../regions/feature-off.tsx';

const PAGE = 100;
/** Maximum pages in memory; the filters reach the others. */
const MAX_PAGES = 20;
/** Refresh interval while only the first page is loaded. */
const EVERY_MS = 5000;
const FILTERS = ['robot', 'code', 'kind', 'state'] as const;
/** Maximum length of a filter that the hub accepts. */
const MAX_LENGTH = 128;

/** Returns the filters in the address; empty ones are left out. */
export function evidenceQuery(search: URLSearchParams): Readonly<Record<string, string>> {
  const entries = FILTERS.map((name) => [name, (search.get(name) ?? '').trim().slice(0, MAX_LENGTH)] as const);
  return Object.fromEntries(entries.filter(([, value]) => value !== ''));
}

/** Loads the matching evidence page by page. `refetchRoutes(['listFleetEvidence'])` refreshes it. */
export function useEvidence(filters: Readonly<Record<string, string>>) {
  const query = useInfiniteQuery<FleetEvidenceList, Error, { readonly pages: FleetEvidenceList[] }, unknown[], string>({
    queryKey: ['listFleetEvidence', 'pages', filters],
    queryFn: async ({ pageParam, signal }) => {
      const parameters = { ...filters, limit: PAGE, ...(pageParam !== '' && { cursor: pageParam }) };
      return validateReply(await gateway().call('listFleetEvidence', { query: parameters, signal }));
    },
    initialPageParam: '',
    getNextPageParam: ({ next_cursor }, pages) => (pages.length < MAX_PAGES ? (next_cursor ?? undefined) : undefined),
    placeholderData: keepPreviousData,
    refetchInterval: ({ state: { data, error } }) =>
      isFeatureOff(error) || (data?.pages.length ?? 0) > 1 ? false : EVERY_MS,
  });
  const pages = query.data?.pages;
  const items = useMemo(
    (): readonly FleetEvidence[] | undefined =>
      pages && [...new Map(pages.flatMap((page) => page.items).map((item) => [item.id, item])).values()],
    [pages],
  );
  return { query, items, total: pages?.at(-1)?.total ?? 0 };
}
