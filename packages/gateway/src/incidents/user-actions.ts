import type { AuditedRequest, AuditRecord, ObservedChange } from '@medkit/contract';
import type { Clock } from '@medkit/edges';
import { timestampNs } from '@medkit/entities';
import type { TimelineEntry, TimelineSpan } from '@medkit/incidents';
import { type RouteReader, unlessRefused } from '../route-reader.ts';

/** Records per page of the audit log, and maximum pages for one time span. */
const PAGE = 500;
const MAX_PAGES = 4;

/** Reads client requests and external changes between two times from the audit logs of all gateways that respond. */
export async function readUserActions(
  routes: Pick<RouteReader, 'read'>,
  clock: Clock,
  { fromMs, toMs }: TimelineSpan,
): Promise<readonly TimelineEntry[]> {
  const rows: TimelineEntry[] = [];
  const span = { fromMs, toMs: Math.min(toMs, clock.wallMs() + 1000) };
  for await (const page of auditPages(routes, span, { limit: PAGE, maxPages: MAX_PAGES })) {
    rows.push(...(page ?? []).flatMap(peopleRow));
  }
  return rows;
}

/** Yields the audit records of a time span page by page; `undefined` if they cannot be read, which ends it. */
export async function* auditPages(
  routes: Pick<RouteReader, 'read'>,
  { fromMs, toMs }: TimelineSpan,
  { limit, maxPages }: { readonly limit: number; readonly maxPages: number },
): AsyncGenerator<readonly AuditRecord[] | undefined> {
  const [since = '', until = ''] = [fromMs, toMs].map((ms) => new Date(ms).toISOString());
  let query: Record<string, string> = { since, until, limit: String(limit) };
  for (let page = 0; page < maxPages; page += 1) {
    const list = await unlessRefused(routes.read('listAuditRecords', { query }));
    yield list?.items;
    if (!list?.next_cursor) return;
    query = { ...query, cursor: list.next_cursor };
  }
}

/** Converts an audit record to a row. Fault records are skipped: the incident knows its faults. */
function peopleRow({
  id,
  timestamp,
  request,
  observed,
  hash,
  'x-medkit': about,
}: AuditRecord): readonly TimelineEntry[] {
  const ns = timestampNs(timestamp);
  const row = request ? requestRow(request, about?.entity_id) : observed ? observedRow(observed) : undefined;
  if (!row || ns === undefined) return [];
  return [
    {
      key: `people ${about?.origin ?? 'local'} ${id} ${hash.slice(0, 12)}`,
      atMs: Number(ns) / 1e6,
      row: { kind: 'people', ...row, ...(about && { origin: about.origin }), record_id: id },
    },
  ];
}

type Row = Omit<TimelineEntry['row'], 'kind'>;

function requestRow(request: AuditedRequest, nameHere: string | null | undefined): Row {
  const { method, path, entity_type, collection, item, outcome, notes, lock_id, error_code, status } = request;
  const entity = nameHere ?? request.entity_id;
  const by = request.on_behalf_of || request.client_id || request.principal;
  const what = [entity, collection, item].filter(Boolean).join('/') || path;
  const refusal = outcome === 'done' ? '' : `: ${error_code ?? status}${lock_id ? `, ${lock_id}` : ''}`;
  return {
    event: method,
    text: `${method} ${what}${refusal}`,
    ...(entity && { entity_id: entity }),
    ...(entity && entity_type && { entity_type }),
    ...(item && { item }),
    ...(by && { by }),
    outcome,
    ...(notes?.['from'] !== undefined && { from: notes['from'] }),
    ...(notes?.['to'] !== undefined && { to: notes['to'] }),
  };
}

function observedRow({ entity_id, entity_type, node, collection, item, from, to, count }: ObservedChange): Row {
  const what = [entity_id ?? node, collection, item].filter(Boolean).join('/');
  return {
    event: 'observed',
    text: `${what} was changed by another program${count > 1 ? `, ${count} times` : ''}`,
    ...(entity_id && { entity_id }),
    ...(entity_id && entity_type && { entity_type }),
    ...(item && { item }),
    ...(from != null && { from }),
    ...(to != null && { to }),
  };
}
