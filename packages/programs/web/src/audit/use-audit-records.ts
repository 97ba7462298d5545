import type { AuditRecord, AuditRecordList } from '@medkit/contract';
import { useInfiniteQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { gateway } from '../gateway/gateway.ts';

const PAGE = 200;
/** Pages that are kept: older records are found by a time or an entity. */
const MAX_PAGES = 10;
/** While only the newest page is shown, it is kept up to date. */
const EVERY_MS = 5000;

/** What is searched for, as the address says it; empty where all is. */
export interface AuditSearch {
  readonly entity: string;
  readonly client: string;
  readonly outcome: string;
  readonly since: string;
  readonly until: string;
}

/** The records that match, the newest first, page by page. */
export function useAuditRecords(wanted: AuditSearch, enabled: boolean) {
  const filters = Object.fromEntries(Object.entries(wanted).filter(([, value]) => value !== ''));
  const query = useInfiniteQuery<AuditRecordList, Error, { readonly pages: AuditRecordList[] }, unknown[], string>({
    queryKey: ['audit records', filters],
    queryFn: ({ pageParam, signal }) => {
      const asked = { ...filters, limit: PAGE, ...(pageParam !== '' && { cursor: pageParam }) };
      return gateway().call('listAuditRecords', { query: asked, signal });
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
