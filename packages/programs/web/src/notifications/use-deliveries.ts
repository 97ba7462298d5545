import type { WebhookDelivery, WebhookDeliveryList } from '@medkit/contract';
import { useInfiniteQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { gateway, queries } from '../gateway/gateway.ts';

const PAGE = 200;
/** Maximum pages held in memory; later deliveries are reached with the filters. */
const MAX_PAGES = 10;
const EVERY_MS = 5000;
const KEY = 'webhook deliveries';

/** Filter from the URL; an empty member does not filter. */
export interface DeliveryFilter {
  readonly status: string;
  readonly target: string;
  readonly source: string;
}

/** Loads the matching deliveries page by page, oldest first. Refreshes while one page is shown. */
export function useDeliveries(filter: DeliveryFilter) {
  const filters = Object.fromEntries(Object.entries(filter).filter(([, value]) => value !== ''));
  const query = useInfiniteQuery<
    WebhookDeliveryList,
    Error,
    { readonly pages: WebhookDeliveryList[] },
    unknown[],
    string
  >({
    queryKey: [KEY, filters],
    queryFn: ({ pageParam, signal }) => {
      const parameters = { ...filters, limit: PAGE, ...(pageParam !== '' && { after: pageParam }) };
      return gateway().call('listWebhookDeliveries', { query: parameters, signal });
    },
    initialPageParam: '',
    getNextPageParam: ({ 'x-medkit': { next } }, pages) => (pages.length < MAX_PAGES ? next : undefined),
    refetchInterval: ({ state }) => ((state.data?.pages.length ?? 0) > 1 ? false : EVERY_MS),
  });
  const pages = query.data?.pages;
  const deliveries = useMemo(
    (): readonly WebhookDelivery[] | undefined => pages?.flatMap(({ items }) => items),
    [pages],
  );
  return { query, deliveries, isAll: !pages?.at(-1)?.['x-medkit'].next };
}

/** Refreshes the deliveries and the figures of their targets after a change. */
export function refreshDeliveries(): void {
  for (const key of [KEY, 'listWebhookTargets', 'listNotifyReceivers', 'getWebhookDelivery']) {
    void queries.invalidateQueries({ queryKey: [key] });
  }
}
