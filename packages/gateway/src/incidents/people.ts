import type { AuditRecord, AuditRecordList } from '@medkit/contract';
import type { Clock } from '@medkit/edges';
import type { TimelineEntry } from '@medkit/incidents';
import { timestampNs } from '@medkit/services';
import type { OwnRequest } from './own-requests.ts';

/** Records of one reply of the audit log, and replies that are read of one span of time. */
const PAGE = 500;
const MAX_PAGES = 4;

/** Reads what people asked for between two times, of the audit logs of all gateways that answer. */
export async function readPeople(
  ask: OwnRequest,
  clock: Clock,
  { fromMs, toMs }: { readonly fromMs: number; readonly toMs: number },
): Promise<readonly TimelineEntry[]> {
  const [since, until] = [fromMs, Math.min(toMs, clock.wallMs() + 1000)].map((ms) =>
    encodeURIComponent(new Date(ms).toISOString()),
  );
  const rows: TimelineEntry[] = [];
  let cursor = '';
  for (let page = 0; page < MAX_PAGES; page += 1) {
    const list = await ask<AuditRecordList>(`/x-medkit-audit?since=${since}&until=${until}&limit=${PAGE}${cursor}`);
    rows.push(...(list?.items ?? []).flatMap(peopleRow));
    if (!list?.next_cursor) break;
    cursor = `&cursor=${encodeURIComponent(list.next_cursor)}`;
  }
  return rows;
}

/** A record of a request. What happens to faults the incident knows itself. */
function peopleRow({ id, timestamp, request, hash, 'x-medkit': about }: AuditRecord): readonly TimelineEntry[] {
  const ns = timestampNs(timestamp);
  if (!request || ns === undefined) return [];
  const { method, path, entity_type, collection, item, outcome, notes, lock_id, error_code } = request;
  const entity = about?.entity_id ?? request.entity_id;
  const by = request.on_behalf_of || request.client_id || request.principal;
  const what = [entity, collection, item].filter(Boolean).join('/') || path;
  const refusal = outcome === 'done' ? '' : `: ${error_code ?? request.status}${lock_id ? `, ${lock_id}` : ''}`;
  return [
    {
      key: `people ${about?.origin ?? 'local'} ${id} ${hash.slice(0, 12)}`,
      atMs: Number(ns) / 1e6,
      row: {
        kind: 'people',
        event: method,
        text: `${method} ${what}${refusal}`,
        ...(about && { origin: about.origin }),
        ...(entity && { entity_id: entity }),
        ...(entity && entity_type && { entity_type }),
        ...(item && { item }),
        ...(by && { by }),
        outcome,
        ...(notes?.['from'] !== undefined && { from: notes['from'] }),
        ...(notes?.['to'] !== undefined && { to: notes['to'] }),
        record_id: id,
      },
    },
  ];
}
