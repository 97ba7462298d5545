import type { IncidentTimeline, TimelineRow } from '@medkit/contract';
import { useQuery } from '@tanstack/react-query';
import { gateway } from '../gateway/gateway.ts';

const PAGE_ROWS = 1000;
/** Maximum pages of a timeline that are loaded, oldest rows first. */
const MAX_PAGES = 5;
/**
 * Refresh interval while an incident is open: some rows, such as log lines and actions of people, arrive without an
 * event.
 */
const OPEN_EVERY_MS = 4000;

/** The loaded timeline of an incident. */
export interface ReadTimeline {
  readonly rows: readonly TimelineRow[];
  readonly withheld: NonNullable<IncidentTimeline['withheld']>;
  readonly about: IncidentTimeline['x-medkit'];
  /** True if more rows exist. */
  readonly isCut: boolean;
}

/** Loads the timeline of an incident page by page and refreshes it while the incident is open. */
export function useTimeline(id: string, isOpen: boolean) {
  return useQuery<ReadTimeline, Error>({
    queryKey: ['getIncidentTimeline', id],
    queryFn: ({ signal }) => readTimeline(id, signal),
    refetchInterval: ({ state }) => (isOpen && state.error === null ? OPEN_EVERY_MS : false),
  });
}

async function readTimeline(id: string, signal: AbortSignal): Promise<ReadTimeline> {
  const pages: IncidentTimeline[] = [];
  let cursor: string | undefined;
  do {
    const query = { limit: PAGE_ROWS, ...(cursor !== undefined && { cursor }) };
    const page = await gateway().call('getIncidentTimeline', { path: { incident_id: id }, query, signal });
    pages.push(page);
    cursor = page.next_cursor ?? undefined;
  } while (cursor !== undefined && pages.length < MAX_PAGES);
  return {
    rows: pages.flatMap(({ items }) => items),
    withheld: pages[0]?.withheld ?? [],
    about: pages.at(-1)?.['x-medkit'],
    isCut: cursor !== undefined,
  };
}
