import { PEER_HEADERS, PEER_PATHS, SovdError } from '@medkit/contract';
import { callContext, fieldsOf, type JsonObject, type JsonValue, type Model, nativeIdOf } from '@medkit/core';
import type { Clock } from '@medkit/edges';
import { parseDocument } from '../forwarding/parse-document.ts';

/** Timeout for a document of a peer that no client waits for. */
const READ_MS = 10_000;
/** Maximum bytes of a fault with its evidence, which limits the load of background reads. */
const MAX_DETAIL_BYTES = 4_194_304;
/** Maximum faults read from a list. */
const MAX_FAULTS = 10_000;

export interface FaultReading {
  readonly model: Pick<Model, 'tree' | 'provider'>;
  readonly clock: Clock;
  /** Aborted when the reads are no longer needed. */
  readonly signal: AbortSignal;
}

/** Reads a peer's own faults in any state. Throws if it does not respond. */
export async function faultsOf(reading: FaultReading, peer: string): Promise<readonly JsonObject[]> {
  const { items } =
    fieldsOf(await read(reading, { peer, nativeId: '', path: PEER_PATHS.faults, query: 'status=all' })) ?? {};
  const list: readonly JsonValue[] = Array.isArray(items) ? items.slice(0, MAX_FAULTS) : [];
  return list.map(fieldsOf).filter((item) => item !== undefined);
}

/**
 * Reads a fault with its evidence; returns `undefined` if the peer does not have it. Throws if the peer does not
 * respond.
 */
export async function faultDetail(
  reading: FaultReading,
  peer: string,
  { holder, code }: { readonly holder: string; readonly code: string },
): Promise<JsonObject | undefined> {
  const path = `/faults/${encodeURIComponent(code.toWellFormed())}`;
  return fieldsOf(await read(reading, { peer, nativeId: holder, path, maxBytes: MAX_DETAIL_BYTES }));
}

/** Reads the recordings of an entity's faults from its bulk data list. Throws if the peer does not respond. */
export async function recordingsOf(reading: FaultReading, peer: string, holder: string): Promise<readonly JsonValue[]> {
  const path = '/bulk-data/rosbags';
  const { items } = fieldsOf(await read(reading, { peer, nativeId: holder, path, maxBytes: MAX_DETAIL_BYTES })) ?? {};
  return Array.isArray(items) ? items : [];
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

interface PeerRequest {
  readonly peer: string;
  readonly nativeId: string;
  readonly path: string;
  readonly query?: string;
  readonly maxBytes?: number;
}

async function read(
  { model, clock, signal }: FaultReading,
  { peer, nativeId, path, query = '', maxBytes }: PeerRequest,
): Promise<JsonValue | undefined> {
  const provider = model.provider(peer)?.forwarding;
  if (!provider) return undefined;
  const call = callContext({ clock, timeoutMs: READ_MS, signal });
  const headers = { accept: 'application/json', [PEER_HEADERS.localOnly]: '1' };
  const reply = await provider.send(nativeId, { method: 'GET', path, query, headers }, call);
  const { status } = reply;
  if (status === 200) return parseDocument(reply, maxBytes);
  reply.close();
  if (status === 404 || status === 501) return undefined;
  const message = `The gateway ${peer} answered ${path} with status ${status}`;
  throw new SovdError({ code: 'x-medkit-peer-unavailable', message, parameters: { peer } });
}
