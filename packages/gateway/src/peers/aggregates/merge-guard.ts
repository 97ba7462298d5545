import { ownedCollection, type Route } from '@medkit/contract';
import type { Model } from '@medkit/core';
import type { Clock } from '@medkit/edges';
import type { CorrelationRule } from '@medkit/faults';
import type { AnyHandler, Guard } from '../../http/chain.ts';
import { pathAfterEntity } from '../forwarding/forward-request.ts';
import { peerPlaces } from '../forwarding/peer-places.ts';
import { NOT_ON_PEER, remoteEntityId } from '../forwarding/remote-entity-id.ts';
import { clearCollection } from './clear-collection.ts';
import { collectLists, type ListQuery } from './collect-lists.ts';
import { correlateList } from './correlate-list.ts';
import { itemProblem } from './drop-invalid-items.ts';
import { type KnownCauses, knownCauses } from './known-causes.ts';
import { readMemberItem } from './member-items.ts';
import type { MergedList } from './merged-list.ts';
import type { ClockOf } from './part-clocks.ts';
import { partPlaces } from './part-places.ts';
import { readAnyUpdate, updatesOf } from './peer-updates.ts';

/** A request with this header is answered with this gateway's own data only. */
export const LOCAL_ONLY_HEADER = 'x-medkit-no-fan-out';

const FAULTS_PATH = '/faults';
const VERSION_PATH = '/version-info';
const UPDATES_PATH = '/updates';
/** Lists of everything, which an `entity` parameter narrows to one entity and its members. */
const NARROWED: ReadonlySet<string> = new Set(['/x-medkit-scripts', '/x-medkit-executions']);
const TREE_FAULTS_PATH = '/x-medkit-tree/faults';
/** Lists over all gateways. */
const OF_ALL: ReadonlySet<string> = new Set([FAULTS_PATH, VERSION_PATH, UPDATES_PATH, TREE_FAULTS_PATH, ...NARROWED]);

/** Collections of entities whose lists are merged. */
const MERGED: ReadonlySet<string> = new Set(['data', 'operations', 'configurations', 'faults', 'logs', 'bulk-data']);

/** Lists whose items have times. */
const TIMED: ReadonlySet<string> = new Set(['faults', 'logs']);

export interface MergeGuardOptions {
  readonly model: Model;
  readonly clock: Clock;
  /** Instance name of this gateway. */
  readonly gateway: string;
  readonly clockOf: ClockOf;
  /** Correlation rules over the faults of all gateways. */
  readonly rules: readonly CorrelationRule[];
}

interface MergeContext extends MergeGuardOptions {
  readonly causes: KnownCauses;
}

/**
 * Merges the lists of an entity that several gateways have, and lists over all gateways. Asks each for its own list and
 * names those that are late. A single item comes from this gateway, otherwise from the first that has it.
 */
export function mergeGuard(options: MergeGuardOptions): Guard {
  const context = { ...options, causes: knownCauses() };
  return (route, handler) => {
    const guarded = guardOf(route, handler, context);
    if (!guarded) return handler;
    return (exchange) => (LOCAL_ONLY_HEADER in exchange.headers ? handler : guarded)(exchange);
  };
}

function guardOf(route: Route, handler: AnyHandler, options: MergeContext): AnyHandler | undefined {
  const { method, path, kind } = route;
  const { model, clock, clockOf } = options;
  const problemOf = itemProblem(route);
  if (method === 'get' && OF_ALL.has(path))
    return (exchange) => listOfAll(options, { path, problemOf, handler, exchange });
  if (path.startsWith(`${UPDATES_PATH}/{`)) return (exchange) => readAnyUpdate(model, handler, exchange);
  if (kind === undefined || route.body?.media !== undefined) return undefined;
  const collection = collectionOf(route);
  if (!MERGED.has(collection)) return undefined;
  const isItem = path.split('/').length > 4;
  return (exchange) => {
    const entity = model.tree.resolve(kind, exchange.entityId);
    const places = entity ? partPlaces(model, entity) : [];
    if (!entity || places.length === 0) return handler(exchange);
    if (isItem) return readMemberItem(model, { entity, places, exchange, handler });
    const path = pathAfterEntity(exchange.url);
    const request = exchange.forwarded(undefined);
    const isNamed = collection === 'configurations';
    const timed = TIMED.has(collection) && { clockOf };
    const joining = { entity, places, path, request, exchange, handler, problemOf, isNamed, ...timed };
    if (method === 'get') return listOf(options, joining);
    if (method !== 'delete' || (collection !== 'faults' && collection !== 'configurations')) return handler(exchange);
    return clearCollection(model, clock, { entity, collection, places, exchange, handler });
  };
}

/** Returns the collection of a route; empty for the groups and categories of data. */
function collectionOf(route: Pick<Route, 'path' | 'kind'>): string {
  const [, , , segment] = route.path.split('/');
  const collection = ownedCollection(route);
  return collection === segment ? (collection ?? '') : '';
}

function listOfAll(options: MergeContext, query: Omit<ListQuery, 'places' | 'request'>): unknown {
  const { path, handler, exchange } = query;
  const places = peerPlaces(options.model);
  if (places.length === 0) return handler(exchange);
  const timed = TIMED.has(path.slice(1)) && { clockOf: options.clockOf };
  const joining = { ...query, places, request: exchange.forwarded(undefined), ...timed };
  if (path === VERSION_PATH) return versions(options, joining);
  if (path === FAULTS_PATH) return faults(options, joining);
  if (NARROWED.has(path)) return listOf(options, { ...joining, queryAt: narrowed(options.model) });
  return listOf(options, path === UPDATES_PATH ? { ...joining, partOf: updatesOf } : joining);
}

/** Translates the parameter `entity` to the id that the entity has on a peer. */
function narrowed(model: Model): NonNullable<ListQuery['queryAt']> {
  return (runtime, query) => {
    const parameters = new URLSearchParams(query);
    const there = remoteEntityId(model, parameters.get('entity') ?? undefined, runtime);
    if (there === NOT_ON_PEER) return undefined;
    if (there !== undefined) parameters.set('entity', there);
    return String(parameters);
  };
}

/** Returns an empty list for a request that came back to this gateway, whose part is already included. */
async function listOf({ model, clock, gateway }: MergeGuardOptions, joining: ListQuery): Promise<unknown> {
  return joining.exchange.call().via.includes(gateway) ? { items: [] } : collectLists(model, clock, joining);
}

/** Applies the rules over all gateways, unless another gateway merges the list with its own rules. */
async function faults({ rules, causes, ...options }: MergeContext, joining: ListQuery): Promise<unknown> {
  const { exchange } = joining;
  const list = (await listOf({ ...options, rules }, joining)) as MergedList;
  return exchange.call().via.length > 0 ? list : correlateList(list, rules, exchange.query, causes);
}

/** Returns one entry for each direct peer, under both names of the list. */
async function versions({ model, clock }: MergeGuardOptions, { request, ...joining }: ListQuery): Promise<unknown> {
  const headers = { ...request.headers, [LOCAL_ONLY_HEADER]: '1' };
  const merged = await collectLists(model, clock, { ...joining, request: { ...request, headers } });
  return { ...merged, sovd_info: merged.items };
}
