import { AUDIT_KINDS, type AuditKind, type AuditRecord, type DroppedItem } from '@medkit/contract';
import { fieldsOf, type JsonValue, type Origin } from '@medkit/core';
import { nestedOrigin } from '../../peer-names/nested-origin.ts';
import type { LogPages, LogPositions } from './merge-logs.ts';

/** A peer's report of its log and of the logs that it shows. */
export interface RemoteAuditLogs {
  readonly pages: LogPages;
  readonly hasMore: boolean;
  /** Gateways that it reports as missing. */
  readonly failed: readonly Origin[];
  /** The first invalid or misordered records. */
  readonly dropped: readonly DroppedItem[];
  /** The clocks that it reports of gateways behind it. */
  readonly clocks: JsonValue | undefined;
}

const TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{9}Z$/;
const MAX_DROPPED = 10;

/**
 * Parses the reply of the gateway `peer` to a search of its log. Of each log, only records with descending ids after
 * `from` are accepted, so that paging terminates.
 */
export function parseRemoteLogs(document: JsonValue, peer: string, from: LogPositions, limit: number): RemoteAuditLogs {
  const { items, next_cursor, 'x-medkit': about } = fieldsOf(document) ?? {};
  const pages = new Map<Origin, AuditRecord[]>();
  const dropped: DroppedItem[] = [];
  for (const item of (Array.isArray(items) ? (items as readonly JsonValue[]) : []).slice(0, limit)) {
    const origin = originOf(item, peer);
    const page = origin === undefined ? undefined : (pages.get(origin) ?? []);
    const reason = problemOf(item, page?.at(-1)?.id ?? from.get(origin ?? ''));
    if (origin !== undefined && page && reason === undefined) {
      page.push(recordOf(item, origin));
      pages.set(origin, page);
    } else if (dropped.length < MAX_DROPPED) {
      dropped.push({ peer, reason: reason ?? 'its owner is unknown', source_id: '' });
    }
  }
  // A reply without records ends the search, even with a cursor.
  const hasMore = typeof next_cursor === 'string' && pages.size > 0;
  return {
    pages,
    hasMore,
    failed: failedGateways(fieldsOf(about), peer),
    dropped,
    clocks: fieldsOf(about)?.['clocks'],
  };
}

/** Returns the gateways that a peer reports as missing, by their local names. */
export function failedGateways(
  about: Readonly<Record<string, JsonValue | undefined>> | undefined,
  peer: string,
): Origin[] {
  const failed = about?.['failed_peers'];
  return (Array.isArray(failed) ? (failed as readonly JsonValue[]) : []).flatMap(
    (name) => nestedOrigin(name, peer) ?? [],
  );
}

function originOf(item: JsonValue, peer: string): Origin | undefined {
  const about = fieldsOf(fieldsOf(item)?.['x-medkit']);
  return about?.['origin'] === undefined ? peer : nestedOrigin(about['origin'], peer);
}

function problemOf(item: JsonValue, before: number | undefined): string | undefined {
  const { id, timestamp, hash, kind } = fieldsOf(item) ?? {};
  if (typeof id !== 'number' || !Number.isSafeInteger(id) || id < 1) return 'its id is not a record number';
  if (typeof timestamp !== 'string' || !TIME.test(timestamp)) return 'its timestamp is not a time';
  if (typeof hash !== 'string' || !AUDIT_KINDS.includes(kind as AuditKind)) return 'it is not a record';
  return before !== undefined && id >= before ? 'it is out of order' : undefined;
}

/** Returns the reported record with its origin, without other members. */
function recordOf(item: JsonValue, origin: Origin): AuditRecord {
  const { id, timestamp, kind, hash, ...fields } = fieldsOf(item) ?? {};
  const of = { [kind as AuditKind]: fieldsOf(fields[kind as AuditKind]) ?? {} };
  return { id, timestamp, kind, ...of, hash, 'x-medkit': { origin } } as unknown as AuditRecord;
}
