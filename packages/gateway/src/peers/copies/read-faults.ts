import { SovdError } from '@medkit/contract';
import { callContext, type JsonObject, type JsonValue, type Model, nativeIdOf } from '@medkit/core';
import type { Clock } from '@medkit/edges';
import { documentOf } from '../forwarding/document-of.ts';
import { objectOf } from './fault-copy.ts';

/** For a document of another gateway that nobody waits for. */
const READ_MS = 10_000;
/** Octets of a fault with its evidence: nobody asked for it, so that it may take no more of the gateway than this. */
const MAX_DETAIL_BYTES = 4_194_304;
/** Faults of a list that are looked at. */
const MAX_FAULTS = 10_000;

export interface FaultReading {
  readonly model: Pick<Model, 'tree' | 'provider'>;
  readonly clock: Clock;
  /** Aborted when nobody wants to know any more. */
  readonly signal: AbortSignal;
}

/** The faults that a gateway has itself, whatever became of them. Throws where it does not tell. */
export async function faultsOf(reading: FaultReading, peer: string): Promise<readonly JsonObject[]> {
  const { items } = objectOf(await read(reading, { peer, nativeId: '', path: '/faults', query: 'status=all' })) ?? {};
  const list: readonly JsonValue[] = Array.isArray(items) ? items.slice(0, MAX_FAULTS) : [];
  return list.map(objectOf).filter((item) => item !== undefined);
}

/** A fault with its evidence; `undefined` where the gateway has none of that code. Throws where it does not tell. */
export async function faultDetail(
  reading: FaultReading,
  peer: string,
  { holder, code }: { readonly holder: string; readonly code: string },
): Promise<JsonObject | undefined> {
  const path = `/faults/${encodeURIComponent(code.toWellFormed())}`;
  return objectOf(await read(reading, { peer, nativeId: holder, path, maxBytes: MAX_DETAIL_BYTES }));
}

/** The recordings of the faults of an entity as its bulk data lists them. Throws where its gateway does not tell. */
export async function recordingsOf(reading: FaultReading, peer: string, holder: string): Promise<readonly JsonValue[]> {
  const path = '/bulk-data/rosbags';
  const { items } = objectOf(await read(reading, { peer, nativeId: holder, path, maxBytes: MAX_DETAIL_BYTES })) ?? {};
  return Array.isArray(items) ? items : [];
}

/** Who reported a fault, by the name that it has at its gateway; `undefined` where no entity is known to have. */
export function holderOf(tree: Model['tree'], peer: string, item: JsonObject): string | undefined {
  const { entity_type: kind, entity_id: id, reporting_sources: told } = item;
  if ((kind === 'app' || kind === 'component') && typeof id === 'string') return nativeIdOf({ kind, id });
  const sources: ReadonlySet<unknown> = new Set(Array.isArray(told) ? told : []);
  for (const { node, addresses = [] } of tree.all('app')) {
    const own = addresses.find(({ runtime }) => runtime === peer)?.nativeId;
    if (own !== undefined && (sources.has(node) || sources.has(own.slice(own.indexOf('/') + 1)))) return own;
  }
  return undefined;
}

interface Asked {
  readonly peer: string;
  readonly nativeId: string;
  readonly path: string;
  readonly query?: string;
  readonly maxBytes?: number;
}

async function read(
  { model, clock, signal }: FaultReading,
  { peer, nativeId, path, query = '', maxBytes }: Asked,
): Promise<JsonValue | undefined> {
  const provider = model.provider(peer)?.forwarding;
  if (!provider) return undefined;
  const call = callContext({ clock, timeoutMs: READ_MS, signal });
  const headers = { accept: 'application/json', 'x-medkit-no-fan-out': '1' };
  const reply = await provider.send(nativeId, { method: 'GET', path, query, headers }, call);
  const { status } = reply;
  if (status === 200) return documentOf(reply, maxBytes);
  reply.close();
  if (status === 404 || status === 501) return undefined;
  const message = `The gateway ${peer} answers ${path} with status ${status}`;
  throw new SovdError({ code: 'x-medkit-peer-unavailable', message, parameters: { peer } });
}
