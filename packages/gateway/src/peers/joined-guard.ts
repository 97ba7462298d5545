import { ownedCollection, type Route, SovdError } from '@medkit/contract';
import { type Entity, isLocal, LOCAL, type Model } from '@medkit/core';
import type { Clock } from '@medkit/edges';
import { ask, failedMembers, LIST, placesOf } from '@medkit/services';
import type { AnyHandler, Guard } from '../http/chain.ts';
import { CALL_TIMEOUT_MS, type Exchange } from '../http/exchange.ts';
import { LastingBody, SplicedBody } from '../http/lasting-body.ts';
import { documentOf } from './document-of.ts';
import { forwardTo, type Place, pathBehindEntity } from './forward-to.ts';
import type { ForwardedReply } from './forwarded-reply.ts';
import { type JoinedList, joinedList, type ListDocument } from './joined-list.ts';
import { peerNames } from './peer-names.ts';

/** A request with this header is answered with what this gateway has itself. */
const LOCAL_ONLY_HEADER = 'x-medkit-no-fan-out';

const VERSION_PATH = '/version-info';

/** Collections of which lists of several gateways are joined. */
const JOINED: ReadonlySet<string> = new Set(['data', 'operations', 'configurations', 'faults', 'logs', 'bulk-data']);

/** Somebody at another gateway who has a part of a list: an entity, or the gateway as a whole. */
type ListPlace = Pick<Place, 'runtime' | 'origin' | 'nativeId' | 'provider'> & { readonly entity: Pick<Entity, 'id'> };

/**
 * Joins what several gateways have of one entity, and all of everything: each is asked for its own list, whoever is late is
 * named. A single item is that of this gateway, or else of the first that has one.
 */
export function joinedGuard(model: Model, clock: Clock): Guard {
  return (route, handler) => {
    if (isList(route)) return (exchange) => listed(model, clock, route, handler, exchange);
    if (isItem(route)) return (exchange) => found(model, handler, exchange);
    return handler;
  };
}

function isList({ method, path, kind }: Route): boolean {
  if (method !== 'get') return false;
  if (path === '/faults' || path === VERSION_PATH) return true;
  return kind !== undefined && path.split('/').length === 4 && JOINED.has(collectionOf({ path, kind }));
}

function isItem({ path, kind, body }: Route): boolean {
  return (
    kind !== undefined &&
    body?.media === undefined &&
    path.split('/').length > 4 &&
    JOINED.has(collectionOf({ path, kind }))
  );
}

/** Those of data and of everything else that is in a list of its own; not the groups that data is in. */
function collectionOf(route: Pick<Route, 'path' | 'kind'>): string {
  const [, , , segment] = route.path.split('/');
  const collection = ownedCollection(route);
  return collection === segment ? (collection ?? '') : '';
}

/** Everybody at another gateway who has a part of what an entity has: the entity there, or else members of it. */
function placesIn(model: Model, entity: Entity): readonly Place[] {
  const own = placesOf(model, entity, 'forwarding');
  const known = new Set(own.map(({ runtime }) => runtime));
  const members = model.tree.members(entity).filter(({ id, kind }) => kind !== entity.kind || id !== entity.id);
  return [
    ...own,
    ...members.flatMap((member) => placesOf(model, member, 'forwarding')).filter(({ runtime }) => !known.has(runtime)),
  ];
}

/** The gateways themselves. */
function allPeers(model: Model): readonly ListPlace[] {
  return model.runtimes.flatMap((runtime): ListPlace[] => {
    const provider = model.provider(runtime)?.forwarding;
    const origin = model.originOf(runtime) ?? LOCAL;
    return provider ? [{ runtime, origin, nativeId: '', provider, entity: { id: runtime } }] : [];
  });
}

function listed(model: Model, clock: Clock, route: Route, handler: AnyHandler, exchange: Exchange): unknown {
  const entity = route.kind && model.tree.resolve(route.kind, exchange.entityId);
  if (route.kind && !entity) return handler(exchange);
  const places = entity ? placesIn(model, entity) : allPeers(model);
  if (places.length === 0) return handler(exchange);
  const request = exchange.forwarded(undefined);
  if (LOCAL_ONLY_HEADER in request.headers) return handler(exchange);
  const path = entity ? pathBehindEntity(exchange.url) : route.path;
  const joining = { places, path, request, exchange, own: () => ownList(entity, handler, exchange) };
  return path === VERSION_PATH ? versionsOf(model, clock, joining) : joinedOf(model, clock, joining);
}

/** One entry of every gateway that is asked directly, under both names that the list has. */
async function versionsOf(model: Model, clock: Clock, { request, ...joining }: Joining): Promise<unknown> {
  const headers = { ...request.headers, [LOCAL_ONLY_HEADER]: '1' };
  const joined = await joinedOf(model, clock, { ...joining, request: { ...request, headers } });
  return { ...joined, sovd_info: joined.items };
}

/** The list of this gateway; none of an entity that only others tell of. */
async function ownList(
  entity: Entity | undefined,
  handler: AnyHandler,
  exchange: Exchange,
): Promise<ListDocument | undefined> {
  if (entity && !isLocal(entity)) return undefined;
  const result = await handler(exchange);
  return (result instanceof LastingBody || result instanceof SplicedBody ? result.body : result) as ListDocument;
}

interface Joining {
  readonly places: readonly ListPlace[];
  readonly path: string;
  readonly request: ReturnType<Exchange['forwarded']>;
  readonly exchange: Exchange;
  readonly own: () => Promise<ListDocument | undefined>;
}

async function joinedOf(
  model: Model,
  clock: Clock,
  { places, path, request, exchange, own }: Joining,
): Promise<JoinedList> {
  const call = exchange.call();
  const local = own();
  // What is wrong with the request shows at once: nobody else is asked then.
  let refusal: unknown;
  local.catch((error: unknown) => {
    refusal = error;
  });
  await new Promise((resolve) => setImmediate(resolve));
  if (refusal !== undefined) throw refusal;
  const owners = [{ origin: LOCAL, place: undefined }, ...places.map((place) => ({ origin: place.origin, place }))];
  const { entries, silent } = await ask({ owners, clock, call, budget: LIST }, async ({ place }, within) => {
    if (!place) {
      const list = await local;
      return list ? [list] : [];
    }
    const reply = await place.provider.send(place.nativeId, { ...request, path }, within);
    // It has none of these, or no such entity any more.
    if (reply.status === 404 || reply.status === 501) {
      reply.close();
      return [];
    }
    const document = await documentOf(reply);
    if (reply.status !== 200) throw refused(place.origin, reply.status);
    return [(peerNames(model.tree, place.runtime)?.here(document) ?? document) as unknown as ListDocument];
  });
  const ownFailure = silent.find(({ owner }) => owner.place === undefined);
  if (ownFailure) throw ownFailure.error;
  const missing = silent.flatMap(({ owner: { place }, error }) => (place ? [{ owner: place, error }] : []));
  const parts = entries.map(({ owner: { origin }, entry }) => ({ origin, list: entry }));
  const peersMissing = [...new Set(missing.map(({ owner }) => owner.origin))];
  return joinedList(parts, {
    ...failedMembers(missing),
    ...(peersMissing.length > 0 && { failed_peers: peersMissing }),
  });
}

function refused(peer: string, status: number): SovdError {
  const message = `The gateway ${peer} answers with status ${status}`;
  return new SovdError({ code: 'x-medkit-peer-unavailable', message, parameters: { peer } });
}

/** An item that a gateway has: of a named member its own, else this one's, else that of the first that has one. */
function found(model: Model, handler: AnyHandler, exchange: Exchange): unknown {
  const entity = model.tree.resolve(exchange.kind, exchange.entityId);
  const places = entity ? placesIn(model, entity) : [];
  if (!entity || places.length === 0 || LOCAL_ONLY_HEADER in exchange.forwarded(undefined).headers) {
    return handler(exchange);
  }
  const path = pathBehindEntity(exchange.url);
  const named = memberItem(model, entity, path);
  if (named) return forwardTo(model, named.place, { exchange, path: named.path, timeoutMs: CALL_TIMEOUT_MS });
  return firstFound(model, { entity, places, path, exchange, handler });
}

async function firstFound(model: Model, { entity, places, path, exchange, handler }: Finding): Promise<unknown> {
  let missing: unknown;
  try {
    if (isLocal(entity)) return await handler(exchange);
  } catch (error) {
    if (!(error instanceof SovdError) || error.status !== 404) throw error;
    missing = error;
  }
  let last: ForwardedReply | undefined;
  for (const place of places) {
    last?.reply.close();
    last = await forwardTo(model, place, { exchange, path, timeoutMs: CALL_TIMEOUT_MS });
    if (last.reply.status !== 404) return last;
  }
  if (missing === undefined) return last;
  last?.reply.close();
  throw missing;
}

interface Finding {
  readonly entity: Entity;
  readonly places: readonly Place[];
  readonly path: string;
  readonly exchange: Exchange;
  readonly handler: AnyHandler;
}

/** Of a path with an item `member:item` of a member at another gateway, that member and the path of its item. */
function memberItem(
  model: Model,
  entity: Entity,
  path: string,
): { readonly place: Place; readonly path: string } | undefined {
  const [, collection = '', item = '', ...rest] = path.split('/');
  const [, name, own] = /^([\w-]+)(?::|%3A)(.+)$/i.exec(item) ?? [];
  if (name === undefined || own === undefined || name === entity.id) return undefined;
  const member = model.tree.members(entity).find(({ id }) => id === name);
  const place = member && !isLocal(member) ? placesOf(model, member, 'forwarding')[0] : undefined;
  return place && { place, path: ['', collection, own, ...rest].join('/') };
}
