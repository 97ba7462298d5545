import { type ListJoin, PEER_HEADERS, SovdError } from '@medkit/contract';
import {
  type CallContext,
  type Entity,
  type ForwardReply,
  type ForwardRequest,
  isLocal,
  type JsonValue,
  LOCAL,
  type Model,
} from '@medkit/core';
import type { Clock } from '@medkit/edges';
import { ask, failedMembers, LIST } from '@medkit/entities';
import { resultBody } from '../../http/answer.ts';
import type { AnyHandler } from '../../http/chain.ts';
import type { Exchange } from '../../http/exchange.ts';
import { peerList } from '../../peer-names/peer-faults.ts';
import { readOfflineCopy } from '../forwarding/forward-request.ts';
import { parseDocument } from '../forwarding/parse-document.ts';
import type { PartPlace } from '../forwarding/peer-places.ts';
import { NOT_ON_PEER, remoteEntityId } from '../forwarding/remote-entity-id.ts';
import { dropInvalidItems, type ItemProblem } from './drop-invalid-items.ts';
import type { ListDocument } from './list-part.ts';
import { type MergedList, mergeLists, prefixMember } from './merged-list.ts';
import type { ClockOf } from './part-clocks.ts';
import { onlyApps } from './part-places.ts';
import { updatesOf } from './peer-updates.ts';
import { uniqueGateways } from './unique-gateways.ts';

export interface ListSources {
  readonly model: Model;
  readonly clock: Clock;
  readonly clockOf: ClockOf;
}

/** A list that several gateways are asked for. */
export interface ListQuery {
  /** The entity of the list; absent for a list over all gateways. */
  readonly entity?: Entity | undefined;
  readonly places: readonly PartPlace[];
  /** Path after the entity. */
  readonly path: string;
  readonly request: ReturnType<Exchange['forwarded']>;
  readonly exchange: Exchange;
  /** Returns the list of this gateway. */
  readonly handler: AnyHandler;
  readonly problemOf: ItemProblem;
  /** How the lists become one. */
  readonly join: ListJoin;
}

/**
 * Asks all gateways for their own list and names those that fail, including this one. Throws only if the request is
 * invalid, or if no gateway has such a list.
 */
export async function collectLists(sources: ListSources, query: ListQuery): Promise<MergedList> {
  const { model, clock, clockOf } = sources;
  const { entity, exchange, join } = query;
  const { places, requestTo } = uniqueGateways(model.tree, query);
  const memberAt = entity && entity.kind !== 'app' ? onlyApps(model, entity) : () => undefined;
  const local = localList(query);
  await throwEarlyRefusal(local);
  const here = { origin: LOCAL, runtime: LOCAL, entity: { id: entity?.id ?? LOCAL }, place: undefined };
  const owners = [here, ...places.map((place) => ({ ...place, place }))];
  let absence: unknown;
  const question = { owners, clock, call: exchange.call(), budget: LIST };
  const { entries, silent } = await ask(question, async ({ place }, within): Promise<ListDocument[]> => {
    if (place) return partOf(model, query, { place, member: () => memberAt(place), request: requestTo(place), within });
    const list = await local.catch((error: unknown) => {
      if (!isAbsent(error)) throw error;
      absence = error;
    });
    return list ? [list] : [];
  });
  const localError = silent.find(({ owner }) => !owner.place)?.error;
  if (localError !== undefined && (entries.length === 0 || !isFailure(localError))) throw localError;
  if (entries.length === 0 && silent.length === 0 && absence !== undefined) throw absence;
  const peersMissing = new Set(silent.flatMap(({ owner: { place } }) => place?.origin ?? []));
  const parts = entries.map(({ owner: { origin, place }, entry }) => ({
    origin,
    list: entry,
    member: () => memberAt(place),
    ...(join.clocks && place && { clock: clockOf(place.runtime) }),
  }));
  const missing = {
    ...failedMembers(silent),
    ...(peersMissing.size > 0 && { failed_peers: [...peersMissing] }),
  };
  return mergeLists(parts, missing, join);
}

interface PartQuery {
  readonly place: PartPlace;
  /** Returns the only app to which the items of the peer belong. */
  readonly member: () => string | undefined;
  readonly request: Omit<ForwardRequest, 'path'>;
  readonly within: CallContext;
}

/** Returns the list of a peer with local names, without invalid items; nothing if the peer has no such list. */
async function partOf(
  model: Model,
  { path, join, problemOf }: ListQuery,
  { place, member, request, within }: PartQuery,
): Promise<ListDocument[]> {
  const { runtime, origin } = place;
  const query = narrowedQuery(model, join, { runtime, query: request.query });
  if (query === undefined) return [];
  const headers = join.direct ? { ...request.headers, [PEER_HEADERS.localOnly]: '1' } : request.headers;
  const document = await readPeerList(place, { ...request, headers, query, path }, within);
  if (document === undefined) return [];
  const list = dropInvalidItems(peerList(model.tree, runtime, document), origin, problemOf);
  if (join.identity === 'origin') return [updatesOf(origin, list)];
  const name = join.identity === 'member' ? member() : undefined;
  return [name === undefined ? list : prefixMember(list, name)];
}

/** Translates the entity in a query to its id on a peer; returns `undefined` if the peer does not have it. */
function narrowedQuery(
  model: Model,
  { narrowedBy }: ListJoin,
  { runtime, query }: { readonly runtime: string; readonly query: string },
): string | undefined {
  if (narrowedBy === undefined) return query;
  const parameters = new URLSearchParams(query);
  const there = remoteEntityId(model, parameters.get(narrowedBy) ?? undefined, runtime);
  if (there === NOT_ON_PEER) return undefined;
  if (there !== undefined) parameters.set(narrowedBy, there);
  return String(parameters);
}

/** Returns the list of a peer; `undefined` if it has none, or no longer has the entity. */
export async function readPeerList(
  place: PartPlace,
  request: ForwardRequest,
  call: CallContext,
): Promise<JsonValue | undefined> {
  const { origin, provider, nativeId } = place;
  let reply: ForwardReply;
  try {
    reply = await provider.send(nativeId, request, call);
  } catch (error) {
    // The peer may have just gone offline, which is noticed only later.
    const copy = await readOfflineCopy(place, request, call);
    if (!copy) throw error;
    reply = copy;
  }
  if (reply.status === 404 || reply.status === 501) {
    reply.close();
    return undefined;
  }
  const document = await parseDocument(reply);
  if (reply.status !== 200) throw peerRefusal(origin, reply.status);
  return document;
}

/** Returns the list of this gateway; `undefined` for an entity that only peers have. */
async function localList({ entity, handler, exchange }: ListQuery): Promise<ListDocument | undefined> {
  if (entity && !isLocal(entity)) return undefined;
  return resultBody(await handler(exchange)) as ListDocument;
}

/** Waits one event loop turn for this gateway's reply. If it rejects the request, throws, and no peer is asked. */
export async function throwEarlyRefusal(local: Promise<unknown>): Promise<void> {
  let refusal: unknown;
  local.catch((error: unknown) => {
    if (!isAbsent(error) && !isFailure(error)) refusal = error;
  });
  await new Promise((resolve) => setImmediate(resolve));
  if (refusal !== undefined) throw refusal;
}

/** Returns whether this gateway does not have the resource, which peers may have. */
export function isAbsent(error: unknown): boolean {
  return error instanceof SovdError && (error.status === 404 || error.status === 501);
}

/**
 * Returns whether this gateway failed to respond through no fault of the client. Unexpected errors are thrown
 * unchanged.
 */
function isFailure(error: unknown): boolean {
  return error instanceof SovdError && error.status >= 500 && error.status !== 501;
}

/** Returns the error for a peer that responded without doing what was requested. */
export function peerRefusal(peer: string, status: number, reason = ''): SovdError {
  const message = `The gateway ${peer} answered with status ${status}${reason && `: ${reason}`}`;
  return new SovdError({ code: 'x-medkit-peer-unavailable', message, parameters: { peer } });
}
