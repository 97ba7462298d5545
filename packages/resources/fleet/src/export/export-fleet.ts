import { FLEET_EXPORT_FILTERS, FLEET_PAGE, type FleetExportContent } from '@medkit/contract';
import { FleetInvalid } from '../fleet-refused.ts';
import type { FilterContext } from '../groups/robot-filters.ts';
import { listOccurrences } from '../issues/list-occurrences.ts';
import type { FleetPage, ReadContext } from '../robots/list-robots.ts';
import { listRobots } from '../robots/list-robots.ts';
import type { ExportPages, ExportRow } from './encode-rows.ts';
import { eventPages } from './event-pages.ts';

/** Filters of an export by their names. */
export type ExportFilters = Readonly<Record<string, string>>;

type Source = (context: ReadContext, filters: ExportFilters) => ExportPages;

const SOURCES: Readonly<Record<FleetExportContent, Source>> = {
  occurrences: (context, filters) => pagesOf((page) => listOccurrences(context, { ...filters, ...page })),
  robots: (context, filters) => pagesOf((page) => listRobots(context, { ...filters, ...page })),
  events: (context: FilterContext, filters) => eventPages(context, filters),
};

/** Rows of one export; the time of more is better exported month by month. */
const MAX_EXPORT_ROWS = 10_000_000;

/**
 * Returns all rows that match the filters, in pages. Reads the first page before it returns. Throws `FleetInvalid` for
 * filters that are wrong or that this content does not have. An export with too many rows fails at its end.
 */
export async function exportFleet(
  context: ReadContext,
  what: FleetExportContent,
  filters: ExportFilters,
  maxRows = MAX_EXPORT_ROWS,
): Promise<ExportPages> {
  const known: readonly string[] = FLEET_EXPORT_FILTERS[what];
  const unknown = Object.keys(filters).find((name) => !known.includes(name));
  if (unknown !== undefined) {
    throw new FleetInvalid(`${unknown}: ${what} have no such filter; they have ${known.join(', ')}`);
  }
  const pages = SOURCES[what](context, filters)[Symbol.asyncIterator]();
  const first = await pages.next();
  return (async function* () {
    let rows = 0;
    try {
      for (let page = first; !page.done; page = await pages.next()) {
        rows += page.value.length;
        if (rows > maxRows) {
          throw new FleetInvalid(`The export has more than ${maxRows} rows: use a filter, such as since and until`);
        }
        yield page.value;
      }
    } finally {
      await pages.return?.();
    }
  })();
}

interface PageRequest {
  readonly limit: number;
  readonly cursor?: string;
}

async function* pagesOf(
  read: (page: PageRequest) => Promise<Pick<FleetPage<object>, 'items' | 'next'>>,
): AsyncGenerator<readonly ExportRow[]> {
  let cursor: string | undefined;
  do {
    const { items, next } = await read({ limit: FLEET_PAGE.max, ...(cursor !== undefined && { cursor }) });
    yield items.map((values) => ({ values }));
    cursor = next;
  } while (cursor !== undefined);
}
