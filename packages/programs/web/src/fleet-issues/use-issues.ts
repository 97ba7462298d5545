import type { FleetIssue, FleetIssueList } from '@medkit/contract';
import { keepPreviousData, useInfiniteQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { gateway } from '../gateway/gateway.ts';
import { validateReply } from '../gateway/validate-reply.ts';
import { isFeatureOff } from '../regions/feature-off.tsx';

const PAGE = 100;
/** Maximum pages in memory; the filters reach the others. */
const MAX_PAGES = 20;
/** Refresh interval while only the first page is loaded. */
const EVERY_MS = 10_000;

/** Loads the matching issues page by page. `refetchRoutes(['listFleetIssues'])` refreshes them. */
export function useIssues(filters: Readonly<Record<string, string>>) {
  const query = useInfiniteQuery<FleetIssueList, Error, { readonly pages: FleetIssueList[] }, unknown[], string>({
    queryKey: ['listFleetIssues', 'pages', filters],
    queryFn: async ({ pageParam, signal }) => {
      const parameters = { ...filters, limit: PAGE, ...(pageParam !== '' && { cursor: pageParam }) };
      return validateReply(await gateway().call('listFleetIssues', { query: parameters, signal }));
    },
    initialPageParam: '',
    getNextPageParam: ({ next_cursor }, pages) => (pages.length < MAX_PAGES ? (next_cursor ?? undefined) : undefined),
    placeholderData: keepPreviousData,
    refetchInterval: ({ state: { data, error } }) =>
      isFeatureOff(error) || (data?.pages.length ?? 0) > 1 ? false : EVERY_MS,
  });
  const pages = query.data?.pages;
  // An issue that moved while pages were loaded is on two of them.
  const issues = useMemo(
    (): readonly FleetIssue[] | undefined =>
      pages && [...new Map(pages.flatMap(({ items }) => items).map((issue) => [issue.id, issue])).values()],
    [pages],
  );
  return { query, issues, total: pages?.at(-1)?.total ?? 0 };
}
