import { keepPreviousData, useInfiniteQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { validateReply } from '../gateway/validate-reply.ts';
import { isFeatureOff } from '../regions/feature-off.tsx';

const PAGE = 100;
/** Maximum pages in memory; the filters reach the others. */
const MAX_PAGES = 20;

interface FleetPage<Item> {
  readonly items: readonly Item[];
  readonly total: number;
  readonly next_cursor?: string | null;
}

export interface FleetPagesOptions<Item> {
  /** Operation of the list. `refetchRoutes` with it refreshes the pages. */
  readonly operation: string;
  readonly filters: Readonly<Record<string, string>>;
  /** Refresh interval while only the first page is loaded. */
  readonly everyMs: number;
  readonly load: (query: Readonly<Record<string, string | number>>, signal: AbortSignal) => Promise<FleetPage<Item>>;
}

/** Loads the matching items of a list of the hub page by page. */
export function useFleetPages<Item extends { readonly id: string }>(options: FleetPagesOptions<Item>) {
  const { operation, filters, everyMs, load } = options;
  const query = useInfiniteQuery<
    FleetPage<Item>,
    Error,
    { readonly pages: readonly FleetPage<Item>[] },
    unknown[],
    string
  >({
    queryKey: [operation, 'pages', filters],
    queryFn: async ({ pageParam, signal }) =>
      validateReply(await load({ ...filters, limit: PAGE, ...(pageParam !== '' && { cursor: pageParam }) }, signal)),
    initialPageParam: '',
    getNextPageParam: ({ next_cursor }, pages) => (pages.length < MAX_PAGES ? (next_cursor ?? undefined) : undefined),
    placeholderData: keepPreviousData,
    refetchInterval: ({ state: { data, error } }) =>
      isFeatureOff(error) || (data?.pages.length ?? 0) > 1 ? false : everyMs,
  });
  const pages = query.data?.pages;
  // An item that moved while pages were loaded is on two of them.
  const items = useMemo(
    (): readonly Item[] | undefined =>
      pages && [...new Map(pages.flatMap((page) => page.items).map((item) => [item.id, item])).values()],
    [pages],
  );
  return { query, items, total: pages?.at(-1)?.total ?? 0 };
}
