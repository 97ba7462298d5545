import { AUDIT_KINDS, type AuditKind, type AuditRecord, type DroppedItem } from '@medkit/contract';
import { type JsonValue, LOCAL, type Origin } from '@medkit/core';
import { fieldsOf } from '../aggregates/fields-of.ts';
import type { LogPages, LogPositions } from './merged-logs.ts';

/** What another gateway told of its log, and of the logs that it shows. */
export interface ToldLogs {
  readonly pages: LogPages;
  readonly hasMore: boolean;
  /** Those that it names as missing. */
  readonly failed: readonly Origin[];
  /** The first of what is no record, or not in the order of its log. */
  readonly dropped: readonly DroppedItem[];
  /** What it says of the clocks of those that it shows. */
  readonly clocks: JsonValue | undefined;
}

const TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{9}Z$/;
const ORIGIN = /^[\w-]+(?:\/[\w-]+){0,7}$/;
const MAX_ORIGIN_LENGTH = 512;
const MAX_TOLD = 10;

/**
 * Reads the reply of the gateway `peer` to a search of its log. Of each log only what goes down from where it was read to counts, so
 * that whoever turns page after page comes to an end.
 */
export function toldLogs(document: JsonValue, peer: string, from: LogPositions, limit: number): ToldLogs {
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
    } else if (dropped.length < MAX_TOLD) {
      dropped.push({ peer, reason: reason ?? 'nobody knows whose it is', source_id: '' });
    }
  }
  // Whoever has nothing to tell any more has no more, whatever it says.
  const hasMore = typeof next_cursor === 'string' && pages.size > 0;
  return { pages, hasMore, failed: failedOf(fieldsOf(about), peer), dropped, clocks: fieldsOf(about)?.['clocks'] };
}

/** The gateways that another one names as missing, by the names that they have here. */
export function failedOf(about: Readonly<Record<string, JsonValue | undefined>> | undefined, peer: string): Origin[] {
  const failed = about?.['failed_peers'];
  return (Array.isArray(failed) ? (failed as readonly JsonValue[]) : []).flatMap((name) => nested(name, peer) ?? []);
}

/** What a gateway that `peer` shows goes by here; `undefined` for what is no name of one. */
export function nested(origin: JsonValue | undefined, peer: string): Origin | undefined {
  if (typeof origin !== 'string' || origin === LOCAL || origin.length > MAX_ORIGIN_LENGTH) return undefined;
  return ORIGIN.test(origin) ? `${peer}/${origin}` : undefined;
}

function originOf(item: JsonValue, peer: string): Origin | undefined {
  const about = fieldsOf(fieldsOf(item)?.['x-medkit']);
  return about?.['origin'] === undefined ? peer : nested(about['origin'], peer);
}

function problemOf(item: JsonValue, before: number | undefined): string | undefined {
  const { id, timestamp, hash, kind } = fieldsOf(item) ?? {};
  if (typeof id !== 'number' || !Number.isSafeInteger(id) || id < 1) return 'its id is no number of a record';
  if (typeof timestamp !== 'string' || !TIME.test(timestamp)) return 'its timestamp is no time';
  if (typeof hash !== 'string' || !AUDIT_KINDS.includes(kind as AuditKind)) return 'it is no record';
  return before !== undefined && id >= before ? 'it is not in the order of its log' : undefined;
}

/** The record as it was told, and whose it is; nothing else that stands beside it. */
function recordOf(item: JsonValue, origin: Origin): AuditRecord {
  const { id, timestamp, kind, hash, ...told } = fieldsOf(item) ?? {};
  const of = { [kind as AuditKind]: fieldsOf(told[kind as AuditKind]) ?? {} };
  return { id, timestamp, kind, ...of, hash, 'x-medkit': { origin } } as unknown as AuditRecord;
}
