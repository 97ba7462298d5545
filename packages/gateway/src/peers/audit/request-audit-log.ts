import type { AuditService } from '@medkit/audit';
import { PEER_HEADERS, PEER_PATHS } from '@medkit/contract';
import { type CallContext, type ForwardRequest, fieldsOf, type JsonValue, type Model } from '@medkit/core';
import type { Clock } from '@medkit/edges';
import { peerRefusal } from '../aggregates/collect-lists.ts';
import type { ClockOf } from '../aggregates/part-clocks.ts';
import { parseDocument } from '../forwarding/parse-document.ts';
import type { PartPlace } from '../forwarding/peer-places.ts';
import type { ChainLink, ChainWitnesses } from './chain-witnesses.ts';

/** The audit logs that a gateway shows. */
export interface AuditLogSources {
  readonly model: Model;
  readonly clock: Clock;
  /** The log of this gateway. */
  readonly audit: AuditService;
  /** Known heads of peers' logs. */
  readonly witnesses: ChainWitnesses;
  readonly clockOf: ClockOf;
}

/** A request to the audit log of a peer. */
export interface AuditLogRequest {
  readonly path?: typeof PEER_PATHS.audit | typeof PEER_PATHS.auditVerification;
  readonly query?: Readonly<Record<string, string | undefined>>;
  /** Headers of the client's request. */
  readonly headers: ForwardRequest['headers'];
  readonly call: CallContext;
}

/** Returns the reply of a peer; `undefined` if it has no audit log. Throws `x-medkit-peer-unavailable`. */
export async function requestAuditLog(
  { origin, provider }: Pick<PartPlace, 'origin' | 'provider'>,
  { path = PEER_PATHS.audit, query = {}, headers, call }: AuditLogRequest,
): Promise<JsonValue | undefined> {
  const parameters = Object.entries(query).filter((each): each is [string, string] => each[1] !== undefined);
  const request = {
    method: 'GET',
    path,
    query: String(new URLSearchParams(parameters)),
  } as const;
  const reply = await provider.send('', { ...request, headers: { ...headers, accept: 'application/json' } }, call);
  if (reply.status === 404 || reply.status === 501) {
    reply.close();
    return undefined;
  }
  const document = await parseDocument(reply);
  if (reply.status === 200) return document;
  const { message } = fieldsOf(document) ?? {};
  throw peerRefusal(origin, reply.status, typeof message === 'string' ? message : '');
}

/** Returns the newest record of a gateway's own log, or the newest before `before`; `undefined` if there is none. */
export async function newestLink(
  place: Pick<PartPlace, 'origin' | 'provider'>,
  { query, headers, ...question }: AuditLogRequest,
): Promise<ChainLink | undefined> {
  const alone = { ...headers, [PEER_HEADERS.localOnly]: '1' };
  const document = await requestAuditLog(place, { ...question, query: { ...query, limit: '1' }, headers: alone });
  const { items } = fieldsOf(document) ?? {};
  if (!Array.isArray(items)) throw peerRefusal(place.origin, 200, 'its audit log is not a list');
  if (items.length === 0) return undefined;
  const link = parseChainLink(items[0] as JsonValue);
  if (!link) throw peerRefusal(place.origin, 200, 'its audit log contains an invalid record');
  return link;
}

/** Returns the record in a document; `undefined` if there is none. */
export function parseChainLink(value: JsonValue | undefined): ChainLink | undefined {
  const { id, hash } = fieldsOf(value) ?? {};
  if (typeof id !== 'number' || !Number.isSafeInteger(id) || id < 1 || typeof hash !== 'string') return undefined;
  return { id, hash };
}
