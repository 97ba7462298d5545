import { PEER_HEADERS, PEER_PATHS, SovdError } from '@medkit/contract';
import {
  callContext,
  type ForwardReply,
  fieldsOf,
  type JsonObject,
  type JsonValue,
  type Model,
  nativeIdOf,
} from '@medkit/core';
import type { Clock } from '@medkit/edges';
import { parseDocument } from '../forwarding/parse-document.ts';

/** Timeout for the begin of a reply that no client waits for. */
const BEGIN_MS = 10_000;
/** Maximum bytes of a fault with its evidence, which limits the load of background reads. */
const MAX_DETAIL_BYTES = 4_194_304;
/** Maximum faults read from a list. */
const MAX_FAULTS = 10_000;

export interface PeerReading {
  readonly model: Pick<Model, 'tree' | 'provider'>;
  readonly clock: Clock;
  /** Aborted when the reads are no longer needed. */
  readonly signal: AbortSignal;
}

export interface PeerRequest {
  readonly peer: string;
  readonly nativeId: string;
  readonly path: string;
  readonly query?: string;
  readonly headers: Readonly<Record<string, string | undefined>>;
}

/** Requests data that belongs to the peer itself; `undefined` if the peer is no longer shown. */
export async function requestFrom(
  { model, clock, signal }: Omit<PeerReading, 'model'> & { readonly model: Pick<Model, 'provider'> },
  { peer, nativeId, path, query = '', headers }: PeerRequest,
): Promise<ForwardReply | undefined> {
  const call = callContext({ clock, timeoutMs: BEGIN_MS, signal });
  const request = { method: 'GET', path, query, headers: { [PEER_HEADERS.localOnly]: '1', ...headers } } as const;
  return model.provider(peer)?.forwarding?.send(nativeId, request, call);
}

/** Reads a peer's own faults in any state. Throws if it does not respond. */
export async function faultsOf(reading: PeerReading, peer: string): Promise<readonly JsonObject[]> {
  const items = itemsOf(await read(reading, { peer, nativeId: '', path: PEER_PATHS.faults, query: 'status=all' }));
  const list = items.slice(0, MAX_FAULTS);
  return list.map(fieldsOf).filter((item) => item !== undefined);
}

/**
 * Reads a fault with its evidence; returns `undefined` if the peer does not have it. Throws if the peer does not
 * respond.
 */
export async function faultDetail(
  reading: PeerReading,
  { peer, holder, code }: { readonly peer: string; readonly holder: string; readonly code: string },
): Promise<JsonObject | undefined> {
  const path = `/faults/${encodeURIComponent(code.toWellFormed())}`;
  return fieldsOf(await read(reading, { peer, nativeId: holder, path }, MAX_DETAIL_BYTES));
}

/** Reads the recordings of an entity's faults from its bulk data list. Throws if the peer does not respond. */
export async function recordingsOf(reading: PeerReading, peer: string, holder: string): Promise<readonly JsonValue[]> {
  return itemsOf(await read(reading, { peer, nativeId: holder, path: '/bulk-data/rosbags' }, MAX_DETAIL_BYTES));
}

/** Returns the native id of a fault's reporter on its peer; `undefined` if no known entity reported it. */
export function holderOf(tree: Model['tree'], peer: string, item: JsonObject): string | undefined {
  const { entity_type: kind, entity_id: id, reporting_sources: reportingSources } = item;
  if ((kind === 'app' || kind === 'component') && typeof id === 'string') return nativeIdOf({ kind, id });
  const sources: ReadonlySet<unknown> = new Set(Array.isArray(reportingSources) ? reportingSources : []);
  for (const { node, addresses = [] } of tree.all('app')) {
    const localId = addresses.find(({ runtime }) => runtime === peer)?.nativeId;
    if (localId !== undefined && (sources.has(node) || sources.has(localId.slice(localId.indexOf('/') + 1))))
      return localId;
  }
  return undefined;
}

/** Reads a document; `undefined` if the peer does not have it. */
async function read(
  reading: PeerReading,
  request: Omit<PeerRequest, 'headers'>,
  maxBytes?: number,
): Promise<JsonValue | undefined> {
  const reply = await requestFrom(reading, { ...request, headers: { accept: 'application/json' } });
  if (reply?.status === 200) return parseDocument(reply, maxBytes);
  reply?.close();
  if (!reply || reply.status === 404 || reply.status === 501) return undefined;
  const { peer, path } = request;
  const message = `The gateway ${peer} answered ${path} with status ${reply.status}`;
  throw new SovdError({ code: 'x-medkit-peer-unavailable', message, parameters: { peer } });
}

function itemsOf(document: JsonValue | undefined): readonly JsonValue[] {
  const { items } = fieldsOf(document) ?? {};
  return Array.isArray(items) ? items : [];
}
