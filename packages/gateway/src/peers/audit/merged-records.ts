import type { AuditService } from '@medkit/audit';
import { type AuditRecord, type AuditRecordList, DEFAULT_AUDIT_RECORDS } from '@medkit/contract';
import { type Cursor, cursorOf, cursorText, LOCAL, type Model, type Origin } from '@medkit/core';
import { ask, failedMembers, isoTime, LIST, timestampNs } from '@medkit/entities';
import type { Exchange } from '../../http/exchange.ts';
import { peerNames } from '../../peer-names/peer-names.ts';
import { type ReportedClocks, reportedClocks, toLocalTimes } from '../aggregates/part-clocks.ts';
import { uniqueGateways } from '../aggregates/unique-gateways.ts';
import { peerPlaces } from '../forwarding/peer-places.ts';
import { NOT_ON_PEER, remoteEntityId } from '../forwarding/remote-entity-id.ts';
import type { ChainWitnesses } from './chain-witnesses.ts';
import { mergeLogs, positionsAt, type RecordTimes } from './merge-logs.ts';
import { parseRemoteLogs, type RemoteAuditLogs } from './remote-audit-log.ts';
import { type AuditLogSources, requestAuditLog } from './request-audit-log.ts';

type Query = Exchange['query'];

/** Parameters that filter records; without them, the first page contains the newest of all. */
const FILTERS = [
  'entity',
  'client',
  'fault_code',
  'collection',
  'operation_id',
  'kind',
  'outcome',
  'status',
  'since',
  'until',
  'cursor',
] as const;

/** Returns the requested records of all logs, newest first. */
export async function mergedRecords(logs: AuditLogSources, exchange: Exchange): Promise<AuditRecordList> {
  const { audit, model, clock, witnesses, clockOf } = logs;
  const { query } = exchange;
  const { places, requestTo } = uniqueGateways(model.tree, {
    places: peerPlaces(model),
    request: exchange.forwarded(undefined),
  });
  const from = cursorOf(query['cursor']) ?? new Map<Origin, number>();
  // If the request is invalid, this throws and no peer is asked.
  const local = await audit.list({ ...query, cursor: from.get(LOCAL)?.toString() ?? query['cursor'] });
  const limit = Number(query['limit'] || DEFAULT_AUDIT_RECORDS);
  const untilNs = from.size === 1 ? await timeAfter(audit, from.get(LOCAL)) : undefined;
  const owners = [{ origin: LOCAL, place: undefined }, ...places.map((place) => ({ origin: place.origin, place }))];
  const question = { owners, clock, call: exchange.call(), budget: LIST };
  const { entries, silent } = await ask(question, async ({ place }, call): Promise<readonly PeerLogs[]> => {
    if (!place) return [];
    const there = remoteEntityId(model, query['entity'], place.runtime);
    if (there === NOT_ON_PEER) return [];
    const before = await witnesses.of(place.origin);
    const peerQuery = { ...query, limit: String(limit), ...(there && { entity: there }), ...untilOf(query, untilNs) };
    const document = await requestAuditLog(place, {
      query: { ...peerQuery, cursor: cursorAt(from, place.origin) },
      headers: requestTo(place).headers,
      call,
    });
    if (document === undefined) return [];
    const received = parseRemoteLogs(document, place.origin, from, limit);
    const witness = compared(witnesses, place.origin, received, {
      before,
      isWhole: FILTERS.every((name) => !query[name]),
    });
    return [{ ...received, isRewritten: witness?.problem !== undefined }];
  });
  const peerLogs = entries.map(({ entry }) => entry);
  const pages = new Map([[LOCAL, local.items], ...peerLogs.flatMap((each) => [...each.pages])]);
  const peerClocks = entries.map(({ owner: { origin, place }, entry }) =>
    place ? reportedClocks(origin, clockOf(place.runtime), entry.clocks) : {},
  );
  const clocks: ReportedClocks = Object.assign({}, ...peerClocks);
  const { items, positions, hasMore } = mergeLogs(pages, limit, recordTimes(logs, clocks));
  const hasNext = hasMore || local.next_cursor != null || peerLogs.some((each) => each.hasMore);
  const rewritten = entries.flatMap(({ owner, entry }) => (entry.isRewritten ? [owner.origin] : []));
  const missing = silent.flatMap(({ owner: { place }, error }) => (place ? [{ owner: place, error }] : []));
  const about = {
    ...factsOf(missing, peerLogs),
    ...(Object.keys(clocks).length > 0 && { clocks }),
    ...(rewritten.length > 0 && { rewritten_logs: rewritten }),
  };
  return {
    items: items.map((item) => inNamesHere(model, item)),
    ...(hasNext && { next_cursor: cursorText(new Map([[LOCAL, 1], ...from, ...positions])) }),
    ...(Object.keys(about).length > 0 && { 'x-medkit': about }),
  };
}

/** Records of a gateway behind a peer use its own clock, as far as the peer knows it. */
function recordTimes({ model, clockOf }: AuditLogSources, clocks: ReportedClocks): RecordTimes {
  return (origin, records) => {
    const [direct = origin] = origin.split('/', 1);
    const runtime = model.runtimes.find((each) => model.originOf(each) === direct);
    const history = runtime === undefined ? [] : clockOf(runtime);
    const behindMs = origin === direct ? 0 : (clocks[origin]?.offset_ms ?? 0) - (clocks[direct]?.offset_ms ?? 0);
    return toLocalTimes(
      records.map(({ timestamp }) => timestamp),
      history,
      behindMs,
    );
  };
}

interface PeerLogs extends RemoteAuditLogs {
  readonly isRewritten: boolean;
}

/** Returns the facts about missing gateways and invalid records. */
function factsOf(
  missing: Parameters<typeof failedMembers>[0],
  peerLogs: readonly RemoteAuditLogs[],
): AuditRecordList['x-medkit'] {
  const failed = [...missing.map(({ owner }) => owner.runtime), ...peerLogs.flatMap((each) => each.failed)];
  const dropped = peerLogs.flatMap((each) => each.dropped);
  return {
    ...failedMembers(missing),
    ...(failed.length > 0 && { partial: true, failed_peers: failed }),
    ...(dropped.length > 0 && { peer_dropped_items: dropped }),
  };
}

/** Compares the records of a search with the witness of their log. */
function compared(
  witnesses: ChainWitnesses,
  gateway: string,
  { pages, hasMore }: RemoteAuditLogs,
  { before, isWhole }: { readonly before: Awaited<ReturnType<ChainWitnesses['of']>>; readonly isWhole: boolean },
) {
  const records = pages.get(gateway) ?? [];
  const [newest] = records;
  const same = before && records.find(({ id }) => id === before.id);
  if (isWhole && (newest || !hasMore) && (!before || !newest || newest.id < before.id || same)) {
    return witnesses.compare(gateway, before, { newest, same });
  }
  return same ? witnesses.compare(gateway, before, { newest: same, same }) : before;
}

/** Returns the time one nanosecond after the local record from which a client continues: other logs continue there. */
async function timeAfter(audit: AuditService, before: number | undefined): Promise<bigint | undefined> {
  if (before === undefined || before >= Number.MAX_SAFE_INTEGER) return undefined;
  const { items } = await audit.list({ cursor: String(before + 1), limit: '1' });
  const timeNs = items[0] && timestampNs(items[0].timestamp);
  return timeNs === undefined ? undefined : timeNs + 1n;
}

function untilOf({ until }: Query, untilNs: bigint | undefined): { readonly until?: string } {
  if (untilNs === undefined) return {};
  const requestedNs = until ? timestampNs(until) : undefined;
  return { until: isoTime(requestedNs !== undefined && requestedNs < untilNs ? requestedNs : untilNs) };
}

/** Returns the cursor for a gateway; `undefined` if none of its records was returned. */
function cursorAt(from: Cursor, origin: Origin): string | undefined {
  const there = positionsAt(from, origin);
  return there.size === 0 ? undefined : cursorText(new Map([[LOCAL, Number.MAX_SAFE_INTEGER], ...there]));
}

/** Adds the local id of a record's entity if it differs; the record itself stays unchanged. */
function inNamesHere({ tree }: Pick<Model, 'tree'>, record: AuditRecord): AuditRecord {
  const { request, observed, 'x-medkit': about } = record;
  const id = (request ?? observed)?.entity_id;
  if (!about || typeof id !== 'string') return record;
  const runtime = about.origin.split('/', 1)[0] ?? '';
  const here = Object(peerNames(tree, runtime)?.here({ entity_id: id })) as { readonly entity_id?: string };
  if (here.entity_id === undefined || here.entity_id === id) return record;
  return { ...record, 'x-medkit': { ...about, entity_id: here.entity_id } };
}
