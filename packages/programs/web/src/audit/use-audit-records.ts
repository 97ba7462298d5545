import type { AuditRecord, AuditRecordList } from '@medkit/contract';
import { useInfiniteQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { gateway } from '../gateway/gateway.ts';

const PAGE = 200;
/** Maximum pages held in memory; older records are reached by filtering by time or entity. */
const MAX_PAGES = 10;
/** Refresh interval while only the newest page is shown. */
const EVERY_MS = 5000;

/** Filter from the URL; an empty member does not filter. */
export interface AuditSearch {
  readonly entity: string;
  readonly client: string;
  readonly outcome: string;
  readonly since: string;
  readonly until: string;
}

/** Loads the matching records page by page, newest first. */
export function useAuditRecords(wanted: AuditSearch, enabled: boolean) {
  const filters = Object.fromEntries(Object.entries(wanted).filter(([, value]) => value !== ''));
  const query = useInfiniteQuery<AuditRecordList, Error, { readonly pages: AuditRecordList[] }, unknown[], string>({
    queryKey: ['audit records', filters],
    queryFn: ({ pageParam, signal }) => {
      const parameters = { ...filters, limit: PAGE, ...(pageParam !== '' && { cursor: pageParam }) };
      return gateway().call('listAuditRecords', { query: parameters, signal });
    },
    initialPageParam: '',
    getNextPageParam: ({ next_cursor }, pages) => (pages.length < MAX_PAGES ? (next_cursor ?? undefined) : undefined),
    enabled,
    refetchInterval: ({ state }) => ((state.data?.pages.length ?? 0) > 1 ? false : EVERY_MS),
  });
  const pages = query.data?.pages;
  const records = useMemo((): readonly AuditRecord[] | undefined => pages?.flatMap(({ items }) => items), [pages]);
  return { query, records, about: pages?.[0]?.['x-medkit'] };
}
